# Framewise displacement (Power et al. 2012, doi:10.1016/j.neuroimage.2011.10.018) of a file of AFNI's 3dvolreg -1Dfile: roll, pitch, yaw in degrees, and three
# shifts in mm, of each volume. A rotation counts as the way on a sphere of 50 mm.
/^[ \t]*#/ || !NF { next }

NF != 6 {
  print FILENAME " has " NF " columns, not 6" > "/dev/stderr"
  failed = 1
  exit 8
}

{
  volumes++
  moved = 0
  for (i = 1; i <= 6; i++) {
    step = $i - before[i]
    if (step < 0) step = -step
    moved += i <= 3 ? step * 3.14159265358979 / 180 * 50 : step
    before[i] = $i
  }
  if (volumes > 1) {
    sum += moved
    if (moved > most) most = moved
  }
}

END {
  if (failed) exit 8
  print "volumes", run, 1, volumes + 0
  print "framewise_displacement_mean", run, "mm", (volumes > 1 ? sprintf("%.6g", sum / (volumes - 1)) : "n/a")
  print "framewise_displacement_max", run, "mm", (volumes > 1 ? sprintf("%.6g", most) : "n/a")
}
