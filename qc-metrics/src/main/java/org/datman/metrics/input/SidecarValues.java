package org.datman.metrics.input;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.datman.header.SidecarJson;
import org.jspecify.annotations.Nullable;

/** The JSON that dcm2niix writes beside an image. Fields that are absent or of the wrong type read as null. */
public final class SidecarValues {

    private final JsonNode root;
    private final List<String> faults;

    private SidecarValues(JsonNode root, List<String> faults) {
        this.root = root;
        this.faults = List.copyOf(faults);
    }

    /** No sidecar. */
    public static SidecarValues none() {
        return new SidecarValues(MissingNode.getInstance(), List.of());
    }

    /** Reads a file; null means there is none. An unreadable one counts as missing, and its fault is reported: the image is there. */
    public static SidecarValues read(@Nullable Path file) {
        if (file == null) {
            return none();
        }
        try {
            SidecarJson json = SidecarJson.read(file);
            return new SidecarValues(json.root(), json.faults());
        } catch (IOException e) {
            return new SidecarValues(
                    MissingNode.getInstance(),
                    List.of("it is not readable JSON and was left out; convert the series again"));
        }
    }

    /** What is wrong with the file, for people. */
    public List<String> faults() {
        return faults;
    }

    /** A finite number, or null. */
    public @Nullable Double number(String field) {
        JsonNode node = root.path(field);
        return node.isNumber() && Double.isFinite(node.asDouble()) ? Double.valueOf(node.asDouble()) : null;
    }

    /** A text, or null. */
    public @Nullable String text(String field) {
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
    public double @Nullable [] numbers(String field) {
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
