/**
 * Whether the search view can be read, measured in the page: contrasts by WCAG 2.
 */

/** What has to be readable, and what has to be told from its ground. */
const TEXTS = 'h1, h2, h3, small, dt, dd, td, th, button, figcaption, .legend li, .prose, text';
const MARKS = '.shape';

/** The smallest contrast of texts and of marks with what is behind them. */
export function contrasts(body) {
  return body.evaluate(measured, { texts: TEXTS, marks: MARKS });
}

/** Runs in the page. */
function measured(body, { texts, marks }) {
  const channels = (color) => (color.match(/[\d.]+/g) ?? []).map(Number);
  const luminance = (color) => {
    const [red, green, blue] = channels(color)
      .slice(0, 3)
      .map((value) => value / 255)
      .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const contrast = (one, other) => {
    const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  };
  const ground = (element) => {
    for (let at = element; at !== null; at = at.parentElement) {
      const color = getComputedStyle(at).backgroundColor;
      const [, , , alpha = 1] = channels(color);
      if (channels(color).length > 0 && alpha > 0.5) {
        return color;
      }
    }
    return 'rgb(255, 255, 255)';
  };
  const smallest = (selector, colorOf) =>
    Math.min(
      ...[...body.querySelectorAll(selector)]
        .filter((element) => element.getClientRects().length > 0)
        .map((element) => contrast(colorOf(getComputedStyle(element), element), ground(element))),
    );
  return {
    texts: smallest(texts, (style, { ownerSVGElement }) =>
      ownerSVGElement ? style.fill : style.color,
    ),
    marks: smallest(marks, (style) => style.stroke),
  };
}
