// Imported before everything else: WebKitGTK reports navigator.language = "C" when the system runs under the C
// locale, and every Intl constructor that is given "C" throws, which leaves a blank window.
try {
  new Intl.NumberFormat(navigator.language);
} catch {
  Object.defineProperty(Navigator.prototype, "language", {
    get: () => "en-US",
    configurable: true,
  });
  Object.defineProperty(Navigator.prototype, "languages", {
    get: () => ["en-US"],
    configurable: true,
  });
}

// Makes this file a module.
export {};
