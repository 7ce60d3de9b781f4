// An extension of JupyterLab that needs no build: it hands JupyterLab's own libraries what a bundler would have written.
(() => {
  const NAME = 'atelier-examples';
  const FOLDER = document.currentScript.src.replace(/[^/]*$/, '');
  let shared = {};

  const library = async name => (await Object.values(shared[name])[0].get())();

  /** A name in the folder that no file has yet. */
  const freeName = async (contents, folder, file) => {
    const { content } = await contents.get(folder, { content: true });
    const taken = new Set(content.map(each => each.name));
    const [, stem, ending] = /^(.*?)(\.[^.]*)$/.exec(file);
    let name = file;
    for (let next = 1; taken.has(name); next++) {
      name = `${stem}-${next}${ending}`;
    }
    return name;
  };

  const copy = async (app, file) => {
    const contents = app.serviceManager.contents;
    const answer = await fetch(FOLDER + file);
    if (!answer.ok) {
      throw new Error(`${file}: ${answer.status}`);
    }
    const name = await freeName(contents, '', file);
    await contents.save(name, { type: 'notebook', format: 'json', content: await answer.json() });
    await app.commands.execute('docmanager:open', { path: name });
  };

  const entry = (app, said, { file, title, text }) => {
    const item = document.createElement('li');
    item.style.cssText = 'padding:8px 0;border-bottom:1px solid var(--jp-border-color2)';
    const heading = document.createElement('h3');
    heading.textContent = title;
    heading.style.cssText = 'margin:0;font-size:var(--jp-ui-font-size1)';
    const words = document.createElement('p');
    words.textContent = text;
    words.style.cssText = 'margin:4px 0';
    const button = document.createElement('button');
    button.textContent = 'Copy and open';
    button.setAttribute('aria-label', `Copy and open: ${title}`);
    button.className = 'jp-mod-styled jp-mod-accept';
    button.onclick = async () => {
      button.disabled = true;
      said.textContent = '';
      try {
        await copy(app, file);
      } catch (error) {
        said.textContent = `The example could not be copied: ${error.message}`;
      } finally {
        button.disabled = false;
      }
    };
    item.append(heading, words, button);
    return item;
  };

  const activate = async app => {
    const { Widget } = await library('@lumino/widgets');
    const panel = new Widget();
    panel.id = NAME;
    panel.title.label = 'Examples';
    panel.title.caption = 'SageMaker examples';
    panel.node.style.cssText = 'padding:8px;overflow:auto;background:var(--jp-layout-color1);'
      + 'color:var(--jp-ui-font-color1)';
    const heading = document.createElement('h2');
    heading.textContent = 'SageMaker examples';
    heading.style.cssText = 'font-size:var(--jp-ui-font-size2);margin:0 0 8px';
    const said = document.createElement('p');
    said.setAttribute('role', 'alert');
    const list = document.createElement('ul');
    list.style.cssText = 'list-style:none;padding:0;margin:0';
    const examples = await (await fetch(FOLDER + 'examples.json')).json();
    list.append(...examples.map(example => entry(app, said, example)));
    panel.node.append(heading, list, said);
    app.shell.add(panel, 'right', { rank: 900 });
  };

  window._JUPYTERLAB = window._JUPYTERLAB || {};
  window._JUPYTERLAB[NAME] = {
    init: async scope => {
      shared = scope;
    },
    get: async () => () => ({ __esModule: true, default: { id: `${NAME}:plugin`, autoStart: true, activate } })
  };
})();
