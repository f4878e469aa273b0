package org.datman.metrics.input;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The JSON that dcm2niix writes beside an image. Fields that are absent or of the wrong type read as null. */
public final class Sidecar {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final JsonNode root;

    private Sidecar(JsonNode root) {
        this.root = root;
    }

    /** No sidecar. */
    public static Sidecar none() {
        return new Sidecar(MissingNode.getInstance());
    }

    /** Reads a file; null means there is none. */
    public static Sidecar read(Path file) throws MeasureException {
        if (file == null) {
            return none();
        }
        try {
            JsonNode root = MAPPER.readTree(file.toFile());
            if (root == null || !root.isObject()) {
                throw new MeasureException("sidecar " + file.getFileName() + " is not a JSON object");
            }
            return new Sidecar(root);
        } catch (IOException e) {
            throw new MeasureException(
                    "sidecar " + file.getFileName() + " is not readable JSON; convert the series again", e);
        }
    }

    /** A finite number, or null. */
    public Double number(String field) {
        JsonNode node = root.path(field);
        return node.isNumber() && Double.isFinite(node.asDouble()) ? Double.valueOf(node.asDouble()) : null;
    }

    /** A text, or null. */
    public String text(String field) {
        JsonNode node = root.path(field);
        return node.isTextual() ? node.asText() : null;
    }

    /** A list of texts; empty when there is none. */
    public List<String> texts(String field) {
        List<String> all = new ArrayList<>();
        root.path(field).forEach(node -> all.add(node.asText()));
        return all;
    }

    /** A list of numbers, or null. */
    public double[] numbers(String field) {
        JsonNode node = root.path(field);
        if (!node.isArray() || node.isEmpty()) {
            return null;
        }
        double[] all = new double[node.size()];
        for (int i = 0; i < all.length; i++) {
            if (!node.get(i).isNumber()) {
                return null;
            }
            all[i] = node.get(i).asDouble();
        }
        return all;
    }
}
