// As `page_names.js`, for pages with the npm package of 1.x or of its betas.
export { emit, listen, once } from '@tauri-apps/api/event';
export { invoke } from '@tauri-apps/api/tauri';
