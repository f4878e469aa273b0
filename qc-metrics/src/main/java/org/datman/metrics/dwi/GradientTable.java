package org.datman.metrics.dwi;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.datman.metrics.model.MeasureException;

/**
 * b-values and directions from the files beside a series.
 *
 * @param bvals s/mm², one per volume
 * @param bvecs one (x, y, z) per volume, along the image axes by FSL's convention
 * @param transposed true when the direction file had a row per volume instead of three rows
 */
public record GradientTable(double[] bvals, double[][] bvecs, boolean transposed) {

    /** A table with three rows of components. */
    public static GradientTable of(double[] bvals, double[][] bvecs) {
        return new GradientTable(bvals, bvecs, false);
    }

    /**
     * Reads the texts of a {@code .bval} and a {@code .bvec} file. Numbers may be written in any way ({@code 1000}, {@code 1000.0},
     * {@code 1e3}); directions may be three rows or one row per volume.
     *
     * @throws GradientTableException when a word is not a number or the rows do not make a table
     */
    public static GradientTable parse(String bval, String bvec) throws GradientTableException {
        double[][] b = rows(bval, ".bval");
        double[] bvals = b.length == 1 ? b[0] : column(b);
        double[][] rows = rows(bvec, ".bvec");
        boolean three = rows.length == 3;
        boolean perVolume = !three && rows.length > 0 && rows[0].length == 3;
        if (!three && !perVolume) {
            throw new GradientTableException(".bvec has " + rows.length
                    + " rows; 3 rows (x, y, z) or one row of 3 numbers per volume are expected");
        }
        int width = rows[0].length;
        for (int r = 0; r < rows.length; r++) {
            if (rows[r].length != width) {
                throw new GradientTableException(
                        ".bvec row " + (r + 1) + " has " + rows[r].length + " numbers, row 1 has " + width);
            }
        }
        double[][] bvecs = rows;
        if (three) {
            bvecs = new double[width][3];
            for (int v = 0; v < width; v++) {
                for (int c = 0; c < 3; c++) {
                    bvecs[v][c] = rows[c][v];
                }
            }
        }
        return new GradientTable(bvals, bvecs, perVolume);
    }

    /**
     * Reads both files.
     *
     * @throws GradientTableException when their text is no table
     * @throws MeasureException when one of them cannot be read
     */
    public static GradientTable read(Path bval, Path bvec) throws GradientTableException, MeasureException {
        return parse(text(bval), text(bvec));
    }

    private static String text(Path file) throws MeasureException {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new MeasureException("gradient file " + file.getFileName() + " cannot be read", e);
        }
    }

    /** The table of the first volumes. */
    GradientTable first(int volumes) {
        return new GradientTable(Arrays.copyOf(bvals, volumes), Arrays.copyOf(bvecs, volumes), transposed);
    }

    /**
     * Volumes at the end that were computed from the others: weighted and without a direction, where others have one, and no more of them than
     * there are shells. A direction that is missing elsewhere is a fault of the table.
     */
    int traceVolumes() {
        if (bvals.length != bvecs.length) {
            return 0;
        }
        int trailing = 0;
        while (trailing < bvals.length && withoutDirection(bvals.length - 1 - trailing)) {
            trailing++;
        }
        int rest = bvals.length - trailing;
        double[] directed = IntStream.range(0, rest)
                .filter(v -> bvals[v] > Shells.B0_LIMIT && !withoutDirection(v))
                .mapToDouble(v -> bvals[v])
                .toArray();
        return trailing < directed.length && trailing <= Shells.of(directed).values().length ? trailing : 0;
    }

    private boolean withoutDirection(int v) {
        double[] g = bvecs[v];
        return bvals[v] > Shells.B0_LIMIT && !(g[0] * g[0] + g[1] * g[1] + g[2] * g[2] > 0);
    }

    private static double[] column(double[][] rows) throws GradientTableException {
        double[] out = new double[rows.length];
        for (int r = 0; r < rows.length; r++) {
            if (rows[r].length != 1) {
                throw new GradientTableException(".bval has " + rows.length + " rows; one row of b-values is expected");
            }
            out[r] = rows[r][0];
        }
        return out;
    }

    private static double[][] rows(String text, String file) throws GradientTableException {
        String[] lines = text.strip().lines().filter(line -> !line.isBlank()).toArray(String[]::new);
        if (lines.length == 0) {
            throw new GradientTableException(file + " is empty");
        }
        double[][] rows = new double[lines.length][];
        for (int r = 0; r < lines.length; r++) {
            String[] words = lines[r].strip().split("[\\s,]+");
            rows[r] = new double[words.length];
            for (int c = 0; c < words.length; c++) {
                try {
                    rows[r][c] = Double.parseDouble(words[c].replace("nan", "NaN"));
                } catch (NumberFormatException e) {
                    throw new GradientTableException(
                            file + " row " + (r + 1) + ", word " + (c + 1) + " is not a number", e);
                }
            }
        }
        return rows;
    }
}
