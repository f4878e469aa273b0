# The numbers of a table of CIVET by labels of DKT-40 (surfaces/*_DKT_lobe_*.dat) as rows of measure, region, unit, value.
# name: of the measure; unit; side: left or right. Lines of it: label and value; what begins with # and the total are left out.
# Labels and names: models/icbm/DKT/DKTatlas40.labels of CIVET; those of the right begin with 101. Exit code 8 when one is absent, or of the other side.
BEGIN {
  OFS = "\t"
  first = side == "right" ? 100 : 0
  count = split("CaudalMiddleFrontal EntorhinalCortex PostcentralGyrus LateralFrontalTriangularis SupramarginalGyrus MiddleFILLING Insula LateralOrbitofrontal LateralFrontalOrbitalis MiddleTemporal Pericalcarine Parahippocampal ParacentralGyrus MedialOrbitofrontal Cuneus InferiorTemporal RostralMiddleFrontal RostralAnteriorCingulate IsthmusCingulateGyrus InferiorOccipitalCortex LingualGyrus SuperiorParietal LateralFrontalOpercularis FusiformGyrus CaudalAnteriorCingulate SuperiorFrontalGyrus Precuneus TransverseTemporal PrecentralGyrus InferiorParietal PosteriorCingulate SuperiorTemporal", region, " ")
}

function fault(text) {
  print FILENAME " " text > "/dev/stderr"
  failed = 1
  exit 8
}

$1 ~ /^[0-9]+$/ && $1 > 0 {
  n = $1 - first
  if (n < 1 || n > count) fault("has the label " $1 ", which is not one of the " side)
  if (n in seen) fault("has the label " $1 " twice")
  seen[n] = 1
  if (region[n] == "MiddleFILLING") next
  print name, "ctx-" side "-" region[n], unit, ($2 ~ /^-?[0-9]+(\.[0-9]*)?([eE][-+]?[0-9]+)?$/ ? $2 : "n/a")
  rows++
}

END {
  if (failed) exit 8
  if (rows != count - 1) fault("has " rows + 0 " regions, not " count - 1)
}
