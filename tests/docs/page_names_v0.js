// As `page_names.js`, for pages with the npm package of 0.x.
export { emit, listen } from 'tauri/api/event';
export { invoke, promisified } from 'tauri/api/tauri';
