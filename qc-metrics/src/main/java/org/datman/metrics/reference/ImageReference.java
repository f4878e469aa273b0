package org.datman.metrics.reference;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.datman.contracts.metric.QcKind;

/**
 * Reference image of a series for the comparison with later ones, in the file {@code likeness.json} beside metrics.json.
 *
 * @param series its name
 * @param kind kind that it was measured as
 * @param tiles local signal to noise
 * @param slices layout of its slices
 * @param png the slices, side by side
 */
public record ImageReference(String series, QcKind kind, Tiles tiles, SliceStrip slices, byte[] png) {

    /** Its name beside metrics.json. */
    public static final String FILE_NAME = "likeness.json";

    private static final int VERSION = 1;
    private static final MathContext DIGITS = new MathContext(5);
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** UTF-8 bytes of the file; the same reference gives the same bytes. */
    public byte[] write() {
        ObjectNode root = MAPPER.createObjectNode();
        root.put("version", VERSION);
        root.put("series", series);
        root.put("kind", kind.key());
        ObjectNode snr = root.putObject("local_snr");
        ArrayNode counts = snr.putArray("tiles");
        Arrays.stream(tiles.tiles()).forEach(counts::add);
        ArrayNode values = snr.putArray("values");
        for (double value : tiles.snr()) {
            if (Double.isFinite(value)) {
                values.add(new BigDecimal(value).round(DIGITS).doubleValue());
            } else {
                values.addNull();
            }
        }
        ObjectNode drawn = root.putObject("slices");
        drawn.put("width_mm", slices.widthMm());
        drawn.put("height_mm", slices.heightMm());
        drawn.put("pixel_mm", slices.pixelMm());
        drawn.put("window_top", slices.top());
        drawn.put("png", png);
        try {
            return MAPPER.writeValueAsBytes(root);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Reads the file.
     *
     * @throws IOException when it cannot be read or is no reference of this version: the message states what and where
     */
    public static ImageReference read(Path file) throws IOException {
        return read(Files.readAllBytes(file), String.valueOf(file.getFileName()));
    }

    /** The same from the file's bytes. */
    static ImageReference read(byte[] bytes, String name) throws IOException {
        JsonNode root = MAPPER.readTree(bytes);
        if (root == null || root.path("version").asInt() != VERSION) {
            throw new IOException(name + " is not a reference image of version " + VERSION);
        }
        try {
            JsonNode snr = root.required("local_snr");
            int[] counts = ints(snr.required("tiles"));
            double[] values = doubles(snr.required("values"));
            JsonNode drawn = root.required("slices");
            if (counts.length != 3 || values.length != counts[0] * counts[1] * counts[2]) {
                throw new IOException(
                        name + " has " + values.length + " tiles, which is not " + Arrays.toString(counts));
            }
            return new ImageReference(
                    root.required("series").asText(),
                    QcKind.of(root.required("kind").asText()),
                    new Tiles(counts, values),
                    new SliceStrip(
                            drawn.required("width_mm").asInt(),
                            drawn.required("height_mm").asInt(),
                            drawn.required("pixel_mm").asDouble(),
                            drawn.required("window_top").asDouble()),
                    drawn.required("png").binaryValue());
        } catch (IllegalArgumentException e) {
            throw new IOException(name + " is incomplete or corrupt: " + e.getMessage(), e);
        }
    }

    private static int[] ints(JsonNode array) {
        int[] out = new int[array.size()];
        Arrays.setAll(out, n -> array.get(n).asInt());
        return out;
    }

    private static double[] doubles(JsonNode array) {
        double[] out = new double[array.size()];
        Arrays.setAll(
                out, n -> array.get(n).isNull() ? Double.NaN : array.get(n).asDouble());
        return out;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ImageReference l && Arrays.equals(write(), l.write());
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(write());
    }
}
