// The squarified treemap of Bruls, Huizing and van Wijk (2000): rows are filled while their pieces get squarer.

export interface Rect {
  x: number;
  y: number;
  w: number;
  h: number;
}

/** Lay `sizes` (about descending, none negative) out in `area`, each rectangle in proportion to its size. */
export function squarify(sizes: number[], area: Rect): Rect[] {
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const placed: Rect[] = [];
  if (total <= 0 || area.w <= 0 || area.h <= 0) return sizes.map(() => ({ x: area.x, y: area.y, w: 0, h: 0 }));
  const scale = (area.w * area.h) / total;
  let { x, y, w, h } = area;
  let start = 0;
  while (start < sizes.length) {
    const side = Math.min(w, h);
    const end = endOfRow(sizes, start, side, scale);
    let sum = 0;
    for (let i = start; i < end; i += 1) sum += (sizes[i] ?? 0) * scale;
    const thick = side > 0 ? sum / side : 0;
    let offset = 0;
    for (let i = start; i < end; i += 1) {
      const long = thick > 0 ? ((sizes[i] ?? 0) * scale) / thick : 0;
      placed.push(w >= h ? { x, y: y + offset, w: thick, h: long } : { x: x + offset, y, w: long, h: thick });
      offset += long;
    }
    if (w >= h) {
      x += thick;
      w = Math.max(0, w - thick);
    } else {
      y += thick;
      h = Math.max(0, h - thick);
    }
    start = end;
  }
  return placed;
}

function endOfRow(sizes: number[], start: number, side: number, scale: number): number {
  let sum = 0;
  let worst = Infinity;
  let most = 0;
  let least = Infinity;
  for (let end = start; end < sizes.length; end += 1) {
    const size = (sizes[end] ?? 0) * scale;
    sum += size;
    most = Math.max(most, size);
    least = Math.min(least, size);
    const square = sum * sum;
    const ratio = least > 0 ? Math.max((side * side * most) / square, square / (side * side * least)) : Infinity;
    if (ratio > worst) return Math.max(end, start + 1);
    worst = ratio;
  }
  return sizes.length;
}
