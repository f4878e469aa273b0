# The numbers of a table of CIVET by labels of DKT-40 (surfaces/*_DKT_lobe_*.dat) as rows of measure, region, unit, value.
# name: of the measure; unit; side: left or right. Lines of it: label and value; what begins with # and the total are left out.
# Labels and names: models/icbm/DKT/DKTatlas40.labels of CIVET; those of the right begin with 101.
BEGIN {
  count = split("CaudalMiddleFrontal EntorhinalCortex PostcentralGyrus LateralFrontalTriangularis SupramarginalGyrus MiddleFILLING Insula LateralOrbitofrontal LateralFrontalOrbitalis MiddleTemporal Pericalcarine Parahippocampal ParacentralGyrus MedialOrbitofrontal Cuneus InferiorTemporal RostralMiddleFrontal RostralAnteriorCingulate IsthmusCingulateGyrus InferiorOccipitalCortex LingualGyrus SuperiorParietal LateralFrontalOpercularis FusiformGyrus CaudalAnteriorCingulate SuperiorFrontalGyrus Precuneus TransverseTemporal PrecentralGyrus InferiorParietal PosteriorCingulate SuperiorTemporal", region, " ")
}

$1 ~ /^[0-9]+$/ && $1 % 100 >= 1 && $1 % 100 <= count && region[$1 % 100] != "MiddleFILLING" {
  print name, "ctx-" side "-" region[$1 % 100], unit, $2
  rows++
}

END {
  if (!rows) {
    print FILENAME " has no rows" > "/dev/stderr"
    exit 8
  }
}
