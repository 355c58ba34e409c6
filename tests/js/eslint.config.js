// Run from the repository's root: `npm run lint` in this folder.
import js from '@eslint/js';
import globals from 'globals';

export default [
  { ignores: ['**/node_modules/**', '**/dist/**'] },
  js.configs.recommended,
  {
    files: ['src/transom/wire/js/**/*.js'],
    languageOptions: {
      ecmaVersion: 2021, // what the oldest WebKitGTK 4.1 runs
      sourceType: 'script',
      globals: { ...globals.browser, transom: 'readonly' }, // `transom`: what they hand to each other
    },
    rules: {
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-eval': 'error', // a page's CSP forbids it
      'no-implied-eval': 'error',
      'no-new-func': 'error',
      'no-implicit-globals': 'error', // a page shares its globals with us: what we add, we add by name
      'no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      'no-var': 'error',
      'prefer-const': 'error',
    },
  },
  {
    files: ['src/transom/inspector/page/*.js'],
    languageOptions: { ecmaVersion: 2022, sourceType: 'module', globals: globals.browser },
    rules: { eqeqeq: 'error', 'no-var': 'error', 'prefer-const': 'error' },
  },
  { files: ['src/transom/wire/js/modules/*.js'], languageOptions: { sourceType: 'module' } },
  {
    files: ['tests/js/**/*.{js,mjs}'],
    languageOptions: { ecmaVersion: 'latest', sourceType: 'module', globals: { ...globals.node, ...globals.browser } },
  },
];
