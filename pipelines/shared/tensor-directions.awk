# Whether the volumes of a diffusion series determine a tensor: exits with 0 or 1. The signal of a volume is ln S0 less b times six products of its
# direction: with S0 there are seven unknowns, and as many volumes must be independent. A direction and its opposite have the same products, and a series
# without an unweighted volume needs two shells.
# awk -f tensor-directions.awk BVAL BVEC, in FSL's form: a row of b-values; a row for each axis.
function number(text) { return text ~ /^[-+]?[0-9.]+([eE][-+]?[0-9]+)?\r?$/ ? text + 0 : 0 }
function size(value) { return value < 0 ? -value : value }
BEGIN {
  # Of the largest b-value. Noise, or directions of a moved head, must not count as one more direction.
  least = 0.05
}
NF == 0 { next }
FNR == NR { for (i = 1; i <= NF; i++) b[++volumes] = number($i); next }
{ axis++; for (i = 1; i <= NF; i++) g[axis, i] = number($i) }
END {
  for (v = 1; v <= volumes; v++) {
    weight = b[v] * (g[1, v] ^ 2 + g[2, v] ^ 2 + g[3, v] ^ 2)
    if (weight > largest) largest = weight
  }
  if (!largest) exit 1
  for (v = 1; v <= volumes; v++) {
    b[v] /= largest
    m[v, 1] = 1
    m[v, 2] = b[v] * g[1, v] ^ 2
    m[v, 3] = b[v] * g[2, v] ^ 2
    m[v, 4] = b[v] * g[3, v] ^ 2
    m[v, 5] = 2 * b[v] * g[1, v] * g[2, v]
    m[v, 6] = 2 * b[v] * g[1, v] * g[3, v]
    m[v, 7] = 2 * b[v] * g[2, v] * g[3, v]
  }
  # Gauss with the largest pivot that is left.
  for (step = 1; step <= 7; step++) {
    pivot = 0
    for (v = 1; v <= volumes; v++) {
      for (c = 1; !used[v] && c <= 7; c++) {
        if (!done[c] && size(m[v, c]) > pivot) { pivot = size(m[v, c]); row = v; column = c }
      }
    }
    if (pivot < least) exit 1
    used[row] = 1
    done[column] = 1
    for (v = 1; v <= volumes; v++) {
      if (used[v]) continue
      factor = m[v, column] / m[row, column]
      for (c = 1; c <= 7; c++) m[v, c] -= factor * m[row, c]
    }
  }
}
