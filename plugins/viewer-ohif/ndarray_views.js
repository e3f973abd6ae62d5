// Takes the place of compileConstructor in the package ndarray (1.0), with which OHIF reads segmentations. There it writes
// the text of a class for each number of dimensions and has it compiled, which the page's Content-Security-Policy forbids.
// `order` and CACHED_CONSTRUCTORS are ndarray's own, around this function.
function compileConstructor(dtype, dimension) {
  const generic = dtype === 'generic';
  const given = i => typeof i === 'number';

  if (dimension === -1) {
    const Nil = function (data) { this.data = data; };
    const copy = function () { return new Nil(this.data); };
    const nothing = function () {};
    Object.assign(Nil.prototype, {
      dtype, dimension, size: 0, shape: [], stride: [], order: [], index: () => -1, get: nothing, set: nothing,
      lo: copy, hi: copy, step: copy, transpose: copy, pick: () => null,
    });
    return data => new Nil(data);
  }

  const View = function (data, shape, stride, offset) {
    this.data = data;
    this.shape = shape;
    this.stride = stride;
    this.offset = offset | 0;
  };
  const each = (view, change) => {
    const shape = view.shape.slice();
    const stride = view.stride.slice();
    let offset = view.offset;
    for (let k = 0; k < dimension; ++k) offset = change(k, shape, stride, offset) ?? offset;
    return new View(view.data, shape, stride, offset);
  };
  const place = (view, at) => {
    let index = view.offset;
    for (let k = 0; k < dimension; ++k) index += view.stride[k] * at[k];
    return index;
  };
  Object.assign(View.prototype, {
    dtype,
    dimension,
    index(...at) { return place(this, at); },
    get(...at) {
      const index = place(this, at);
      return generic ? this.data.get(index) : this.data[index];
    },
    set(...at) {
      const index = place(this, at);
      return generic ? this.data.set(index, at[dimension]) : (this.data[index] = at[dimension]);
    },
    hi(...at) {
      return each(this, (k, shape) => { if (given(at[k]) && at[k] >= 0) shape[k] = at[k] | 0; });
    },
    lo(...at) {
      return each(this, (k, shape, stride, offset) => {
        if (!given(at[k]) || at[k] < 0) return offset;
        shape[k] -= at[k] | 0;
        return offset + stride[k] * (at[k] | 0);
      });
    },
    step(...at) {
      return each(this, (k, shape, stride, offset) => {
        if (!given(at[k])) return offset;
        const by = at[k] | 0;
        const from = by < 0 ? offset + stride[k] * (shape[k] - 1) : offset;
        shape[k] = Math.ceil((by < 0 ? -shape[k] : shape[k]) / by);
        stride[k] *= by;
        return from;
      });
    },
    transpose(...at) {
      const from = k => (at[k] === undefined ? k : at[k] | 0);
      return each(this, (k, shape, stride) => {
        shape[k] = this.shape[from(k)];
        stride[k] = this.stride[from(k)];
      });
    },
    pick(...at) {
      const shape = [];
      const stride = [];
      let offset = this.offset;
      for (let k = 0; k < dimension; ++k) {
        if (given(at[k]) && at[k] >= 0) {
          offset = (offset + this.stride[k] * at[k]) | 0;
        } else {
          shape.push(this.shape[k]);
          stride.push(this.stride[k]);
        }
      }
      return CACHED_CONSTRUCTORS[dtype][dimension === 0 ? 0 : shape.length + 1](this.data, shape, stride, offset);
    },
  });
  if (dimension === 0) View.prototype.valueOf = View.prototype.get;
  Object.defineProperty(View.prototype, 'size', { get() { return this.shape.reduce((size, side) => size * side, 1); } });
  Object.defineProperty(View.prototype, 'order', { get: order });
  return (data, shape, stride, offset) => new View(data, shape.slice(), stride.slice(), offset);
}
