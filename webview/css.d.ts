/** esbuild turns a page's stylesheets into one file beside its script. */
declare module '*.css';
