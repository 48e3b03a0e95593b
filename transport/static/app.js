// Draws GraphiQL with what the server wrote into data-config: a local API key, or null, and the example tabs.
'use strict';

(() => {
  const root = document.getElementById('graphiql');
  const { apiKey, tabs } = JSON.parse(root.dataset.config);
  const defaultHeaders = JSON.stringify({ 'x-api-key': apiKey ?? '' }, null, 2);

  // Another GraphiQL may have been served from this origin before; its tabs are not ours.
  const PREFIX = 'kv:';
  const ownKeys = () => Object.keys(localStorage).filter(key => key.startsWith(PREFIX));
  const read = key => localStorage.getItem(PREFIX + key);

  // GraphiQL keeps the open tab's texts a second time, and opens another tab where the two differ, as they do
  // when two windows store in turn. The tabs have the say.
  const COPIES = { 'graphiql:query': 'query', 'graphiql:variables': 'variables' };
  const openTab = () => {
    const state = JSON.parse(read('graphiql:tabState'));
    return state?.tabs[state.activeTabIndex];
  };

  // GraphiQL's history keeps headers even where its tabs do not. API keys stay out of localStorage; a history entry
  // that is opened again gets the key of the page.
  const HISTORY = ['graphiql:queries', 'graphiql:favorites'];
  const WITH_HEADERS = ['graphiql:tabState', ...HISTORY];
  const replaceHeaders = (json, headers) =>
    JSON.stringify(JSON.parse(json), (name, value) => (name === 'headers' ? headers : value));

  let cleared = false; // until the page is loaded again, or what is on the screen would be stored once more

  const storage = {
    getItem(key) {
      if (key in COPIES) return openTab()?.[COPIES[key]] ?? null;
      const value = read(key);
      return value && HISTORY.includes(key) ? replaceHeaders(value, defaultHeaders) : value;
    },
    setItem(key, value) {
      if (cleared || key in COPIES) return;
      localStorage.setItem(PREFIX + key, WITH_HEADERS.includes(key) ? replaceHeaders(value, null) : value);
    },
    removeItem: key => localStorage.removeItem(PREFIX + key),
    clear() {
      ownKeys().forEach(key => localStorage.removeItem(key));
      cleared = true;
      location.reload();
    },
    get length() {
      return ownKeys().length;
    },
  };

  // A header that is still to be filled in is not sent: an empty API key would be refused where none is needed.
  const fetchFilledIn = (url, options) => {
    const filled = Object.entries(options.headers).filter(([, value]) => value !== '');
    return fetch(url, { ...options, headers: Object.fromEntries(filled) });
  };

  const props = {
    fetcher: GraphiQL.createFetcher({ url: location.pathname, fetch: fetchFilledIn }),
    plugins: [GraphiQLPluginExplorer.explorerPlugin()],
    defaultTabs: tabs,
    defaultHeaders,
    defaultEditorToolsVisibility: 'variables',
    isHeadersEditorEnabled: true,
    shouldPersistHeaders: false,
    storage,
  };
  const logo = React.createElement(GraphiQL.Logo, null, 'Key-value store');
  ReactDOM.createRoot(root).render(React.createElement(GraphiQL, props, logo));
})();
