/** opencc-js ships its dictionaries without types. The string is `from to` pairs parted by `|`. */
declare module 'opencc-js/dict/TSCharacters' {
  const pairs: string;
  // biome-ignore lint/style/noDefaultExport: declares what the package exports
  export default pairs;
}
