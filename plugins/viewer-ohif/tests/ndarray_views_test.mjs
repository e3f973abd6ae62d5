// usage: node ndarray_views_test.mjs
//
// The views of ndarray_views.js, made as the package ndarray makes them.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

const source = readFileSync(new URL('../ndarray_views.js', import.meta.url), 'utf8');
const views = new Function('order', 'CACHED_CONSTRUCTORS', `${source}; return compileConstructor;`);

/** ndarray's own, as it stands around the function. */
function order() {
  return this.stride.map((stride, i) => [Math.abs(stride), i]).sort((a, b) => a[0] - b[0]).map(term => term[1]);
}
const constructors = { array: [], generic: [] };
const compile = views(order, constructors);
for (const dtype of Object.keys(constructors)) for (let d = -1; d <= 4; ++d) constructors[dtype].push(compile(dtype, d));
const array = (data, shape, stride, offset = 0) => constructors.array[shape.length + 1](data, shape, stride, offset);
const values = view => {
  if (view.dimension === 1) return Array.from({ length: view.shape[0] }, (_, i) => view.get(i));
  return Array.from({ length: view.shape[0] }, (_, i) => values(view.pick(i)));
};

const data = Array.from({ length: 24 }, (_, i) => i);
const cube = array(data, [2, 3, 4], [12, 4, 1]);
assert.equal(cube.size, 24);
assert.equal(cube.dimension, 3);
assert.deepEqual(cube.order, [2, 1, 0]);
assert.equal(cube.get(1, 2, 3), 23);
assert.equal(cube.index(1, 0, 2), 14);
assert.deepEqual(values(cube.pick(1, null, null)), [[12, 13, 14, 15], [16, 17, 18, 19], [20, 21, 22, 23]]);
assert.deepEqual(values(cube.pick(-1, 1, -1)), [[4, 5, 6, 7], [16, 17, 18, 19]]);
assert.deepEqual(values(cube.pick(0, 0).hi(2)), [0, 1]);
assert.deepEqual(values(cube.pick(0, 0).lo(2)), [2, 3]);
assert.deepEqual(values(cube.pick(0).lo(1, 1).hi(2, 2)), [[5, 6], [9, 10]]);
assert.deepEqual(values(cube.pick(0, 0).step(2)), [0, 2]);
assert.deepEqual(values(cube.pick(0, 0).step(-1)), [3, 2, 1, 0]);
assert.deepEqual(values(cube.pick(0).transpose(1, 0)), [[0, 4, 8], [1, 5, 9], [2, 6, 10], [3, 7, 11]]);
assert.equal(cube.pick(1, 1, 1).dimension, 0);
assert.equal(cube.pick(1, 1, 1).get(), 17);
assert.equal(cube.pick(1, 1, 1) + 1, 18);
assert.equal(cube.pick(1, 1, 1).pick().dimension, -1);

const row = cube.pick(0, 1);
assert.equal(row.set(2, 'x'), 'x');
assert.equal(data[6], 'x');
const copy = row.hi(1);
copy.shape[0] = 9;
assert.equal(row.shape[0], 4, 'views do not share their shape');

const nothing = constructors.array[0]([]);
assert.deepEqual([nothing.size, nothing.dimension, nothing.index(), nothing.get(), nothing.pick()], [0, -1, -1, undefined, null]);

const kept = { at: {}, get(i) { return this.at[i]; }, set(i, v) { this.at[i] = v; } };
const generic = constructors.generic[2](kept, [4], [1], 0);
generic.set(3, 'y');
assert.equal(generic.get(3), 'y');
console.log('ndarray_views.js: as expected');
