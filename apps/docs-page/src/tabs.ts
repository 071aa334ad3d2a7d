import { element } from './dom.js';

/** One tab and what it shows. */
export interface Tab {
  readonly label: string;
  readonly content: readonly HTMLElement[];
}

const STEPS: Readonly<Record<string, (index: number, count: number) => number>> = {
  ArrowRight: (index, count) => (index + 1) % count,
  ArrowLeft: (index, count) => (index + count - 1) % count,
  Home: () => 0,
  End: (_index, count) => count - 1,
};

/**
 * Tabs that follow the pattern of the ARIA Authoring Practices: one tab is in the tab order, arrow keys, Home and End
 * move between them and show at once.
 *
 * @param label what the tabs choose
 * @param tabs at least one; the first is shown
 */
export function makeTabs(label: string, tabs: readonly Tab[]): HTMLElement {
  const panels = tabs.map(({ content }, index) =>
    element(
      'div',
      { id: `sample-panel-${index}`, role: 'tabpanel', 'aria-labelledby': `sample-tab-${index}` },
      ...content,
    ),
  );
  const buttons = tabs.map(({ label: name }, index) =>
    element(
      'button',
      { id: `sample-tab-${index}`, type: 'button', role: 'tab', 'aria-controls': `sample-panel-${index}` },
      name,
    ),
  );
  const show = (shown: number): void => {
    for (const [index, button] of buttons.entries()) {
      button.setAttribute('aria-selected', String(index === shown));
      button.tabIndex = index === shown ? 0 : -1;
    }
    for (const [index, panel] of panels.entries()) panel.hidden = index !== shown;
  };
  for (const [index, button] of buttons.entries()) {
    button.addEventListener('click', () => {
      show(index);
    });
    button.addEventListener('keydown', (event) => {
      const next = STEPS[event.key]?.(index, buttons.length);
      if (next === undefined) return;
      event.preventDefault();
      show(next);
      buttons[next]?.focus();
    });
  }
  show(0);
  return element(
    'div',
    { class: 'tabs' },
    element('div', { role: 'tablist', 'aria-label': label }, ...buttons),
    ...panels,
  );
}
