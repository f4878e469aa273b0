# The numbers of a table of FreeSurfer (stats/aseg.stats, stats/?h.aparc.stats) as rows of measure, region, unit, value.
# hemisphere: of an aparc table lh or rh, and cortex the name of its cortex in FreeSurferColorLUT.txt; of aseg.stats neither.
# Exit code 7 when the table is not whole.
BEGIN { OFS = "\t" }

function row(measure, region, unit, value) {
  print measure, region, unit, (value ~ /^-?[0-9]+(\.[0-9]*)?([eE][-+]?[0-9]+)?$/ ? value : "n/a")
}

function fault(text) {
  print FILENAME " " text > "/dev/stderr"
  failed = 1
  exit 7
}

function column(name) {
  if (!(name in columns)) fault("has no column " name)
  return $(columns[name])
}

{ sub(/[ \t\r]+$/, "") }

# "# Measure NAME, SHORT NAME, words, VALUE, UNIT"
/^# Measure / {
  n = split($0, field, /, */)
  name = field[2]
  value = field[n - 1]
  unit = field[n]
  if (hemisphere == "" && unit == "mm^3") row("volume", name, "mm3", value)
  if (name == "lhSurfaceHoles") row("surface_holes", "Left-Cerebral-Cortex", 1, value)
  if (name == "rhSurfaceHoles") row("surface_holes", "Right-Cerebral-Cortex", 1, value)
  if (hemisphere != "" && name == "WhiteSurfArea") row("surface_area", cortex, "mm2", value)
  if (hemisphere != "" && name == "MeanThickness") row("cortical_thickness_mean", cortex, "mm", value)
  measured[name] = 1
}

/^# NRows / { announced = $3 }

/^# ColHeaders / {
  for (i = 3; i <= NF; i++) columns[$i] = i - 2
  width = NF - 2
}

!/^#/ && NF {
  if (NF != width) fault("has " NF " columns in line " FNR ", not " width)
  structure = column("StructName")
  rows++
  if (hemisphere == "") {
    row("volume", structure, "mm3", column("Volume_mm3"))
  } else {
    region = "ctx-" hemisphere "-" structure
    row("cortical_thickness_mean", region, "mm", column("ThickAvg"))
    row("surface_area", region, "mm2", column("SurfArea"))
    row("volume", region, "mm3", column("GrayVol"))
  }
}

END {
  if (failed) exit 7
  count = split(hemisphere == "" ? "eTIV BrainSegVol" : "WhiteSurfArea MeanThickness", needed, " ")
  for (i = 1; i <= count; i++) if (!(needed[i] in measured)) fault("has no " needed[i])
  if (!rows) fault("has no rows")
  if (announced != "" && announced != rows) fault("has " rows " rows, not " announced)
}
