package org.datman.plots.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.datman.contracts.event.QcComplete;
import org.datman.contracts.metric.QcKind;
import org.datman.contracts.study.Severity;
import org.jspecify.annotations.Nullable;

/**
 * {@code metrics.json}: the written form of a {@link Report}. The same report gives the same bytes: keys are sorted, numbers
 * have at most nine significant digits, clock, machine and order of threads do not appear in it.
 */
public final class ReportJson {

    private static final MathContext DIGITS = new MathContext(9);
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final ObjectMapper MAPPER = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private ReportJson() {}

    /** UTF-8 bytes of metrics.json. */
    public static byte[] write(Report report) {
        try {
            byte[] json = MAPPER.writer(printer()).writeValueAsBytes(tree(report));
            byte[] ended = java.util.Arrays.copyOf(json, json.length + 1);
            ended[json.length] = '\n';
            return ended;
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The JSON tree of a report, to embed it into another document. */
    public static ObjectNode tree(Report report) {
        ObjectNode root = NODES.objectNode();
        ArrayNode flags = NODES.arrayNode();
        report.flags().forEach(flag -> flags.add(flag(flag)));
        ObjectNode metrics = NODES.objectNode();
        report.metrics().forEach((key, metric) -> metrics.set(key, metric(metric)));
        ObjectNode courses = NODES.objectNode();
        report.timeseries().forEach((key, course) -> courses.set(key, course(course)));
        if (!report.comparedWith().isEmpty()) {
            ArrayNode compared = root.putArray("compared_with");
            report.comparedWith().forEach(other -> compared.add(compared(other)));
        }
        root.set("flags", flags);
        root.set("input", report.input() == null ? NODES.nullNode() : input(report.input()));
        root.put("kind", report.kind().key());
        root.set("metrics", metrics);
        root.put("series", report.series());
        if (report.spectrum() != null) {
            root.set("spectrum", spectrum(report.spectrum()));
        }
        root.set("timeseries", courses);
        ObjectNode verdict = root.putObject("verdict");
        verdict.put("level", report.verdict().level().name());
        ArrayNode reasons = verdict.putArray("reasons");
        report.verdict().reasons().forEach(reasons::add);
        return root;
    }

    /** Reads metrics.json back. */
    public static Report read(byte[] json) throws ReportFormatException {
        try {
            return report(MAPPER.readTree(json));
        } catch (IOException | IllegalArgumentException | NullPointerException e) {
            throw new ReportFormatException("not a metrics.json: " + e.getMessage(), e);
        }
    }

    private static Report report(JsonNode root) {
        if (root == null || !root.isObject()) {
            throw new IllegalArgumentException("an object is expected at the top");
        }
        Map<String, Metric> metrics = new TreeMap<>();
        for (Map.Entry<String, JsonNode> e : need(root, "metrics").properties()) {
            JsonNode m = e.getValue();
            metrics.put(
                    e.getKey(),
                    new Metric(
                            e.getKey(),
                            number(m.get("value")),
                            need(m, "unit").asText(),
                            need(m, "version").asInt(),
                            text(m.get("reason")),
                            text(m.get("mask")),
                            m.path("mask_voxels").isNumber()
                                    ? Long.valueOf(m.get("mask_voxels").asLong())
                                    : null));
        }
        Map<String, TimeCourse> courses = new TreeMap<>();
        for (Map.Entry<String, JsonNode> e : need(root, "timeseries").properties()) {
            courses.put(e.getKey(), new TimeCourse(e.getKey(), rows(e.getValue())));
        }
        List<Flag> flags = new ArrayList<>();
        for (JsonNode f : need(root, "flags")) {
            Map<String, Object> evidence = new TreeMap<>();
            f.path("evidence")
                    .properties()
                    .forEach(e -> evidence.put(e.getKey(), MAPPER.convertValue(e.getValue(), Object.class)));
            flags.add(new Flag(
                    need(f, "kind").asText(),
                    integer(f.get("slice")),
                    integer(f.get("volume")),
                    Severity.valueOf(need(f, "severity").asText().toUpperCase(Locale.ROOT)),
                    evidence));
        }
        JsonNode v = need(root, "verdict");
        List<String> reasons = new ArrayList<>();
        v.path("reasons").forEach(r -> reasons.add(r.asText()));
        Verdict verdict = new Verdict(QcComplete.Level.valueOf(need(v, "level").asText()), reasons);
        List<Compared> compared = new ArrayList<>();
        for (JsonNode c : root.path("compared_with")) {
            compared.add(new Compared(
                    need(c, "series").asText(),
                    need(c, "role").asText(),
                    text(c.get("sha256")),
                    text(c.get("left_out"))));
        }
        JsonNode in = root.path("input");
        return new Report(
                need(root, "series").asText(),
                QcKind.of(need(root, "kind").asText()),
                in.isObject() ? input(in) : null,
                metrics,
                courses,
                flags,
                verdict,
                root.path("spectrum").isObject() ? spectrum(root.get("spectrum")) : null,
                compared);
    }

    private static ObjectNode spectrum(TemporalSpectrum spectrum) {
        ObjectNode node = NODES.objectNode();
        node.set("hz", course(TimeCourse.of("hz", spectrum.hz())));
        node.set("mean", course(TimeCourse.of("mean", spectrum.mean())));
        node.set("sd", course(TimeCourse.of("sd", spectrum.sd())));
        return node;
    }

    private static TemporalSpectrum spectrum(JsonNode node) {
        return new TemporalSpectrum(
                new TimeCourse("hz", rows(need(node, "hz"))).values(),
                new TimeCourse("mean", rows(need(node, "mean"))).values(),
                new TimeCourse("sd", rows(need(node, "sd"))).values());
    }

    private static InputFacts input(JsonNode in) {
        List<Integer> dims = new ArrayList<>();
        in.path("dims").forEach(n -> dims.add(n.asInt()));
        List<Double> spacing = new ArrayList<>();
        in.path("spacing_mm").forEach(n -> spacing.add(n.asDouble()));
        return new InputFacts(
                need(in, "file").asText(),
                need(in, "sha256").asText(),
                dims,
                spacing,
                need(in, "volumes").asInt(),
                number(in.get("tr_s")),
                text(in.get("tr_source")),
                need(in, "axes").asText(),
                need(in, "slice_axis").asText(),
                text(in.get("phase_axis")));
    }

    private static ObjectNode input(InputFacts input) {
        ObjectNode node = NODES.objectNode();
        node.put("axes", input.axes());
        node.set("dims", plain(input.dims()));
        node.put("file", input.file());
        node.put("phase_axis", input.phaseAxis());
        node.put("sha256", input.sha256());
        node.put("slice_axis", input.sliceAxis());
        node.set("spacing_mm", plain(input.spacingMm()));
        node.set("tr_s", plain(input.trSeconds()));
        node.put("tr_source", input.trSource());
        node.put("volumes", input.volumes());
        return node;
    }

    private static ObjectNode compared(Compared other) {
        ObjectNode node = NODES.objectNode();
        node.put("left_out", other.leftOut());
        node.put("role", other.role());
        node.put("series", other.series());
        node.put("sha256", other.sha256());
        return node;
    }

    private static ObjectNode metric(Metric metric) {
        ObjectNode node = NODES.objectNode();
        node.put("mask", metric.mask());
        node.put("mask_voxels", metric.maskVoxels());
        node.put("reason", metric.reason());
        node.put("unit", metric.unit());
        node.set("value", plain(metric.value()));
        node.put("version", metric.version());
        return node;
    }

    private static ObjectNode flag(Flag flag) {
        ObjectNode node = NODES.objectNode();
        node.set("evidence", plain(flag.evidence()));
        node.put("kind", flag.kind());
        node.put("severity", flag.severity().name().toLowerCase(Locale.ROOT));
        node.put("slice", flag.slice());
        node.put("volume", flag.volume());
        return node;
    }

    private static ArrayNode course(TimeCourse course) {
        ArrayNode out = NODES.arrayNode();
        boolean single = true;
        for (double[] row : course.rows()) {
            single &= row.length == 1;
        }
        for (double[] row : course.rows()) {
            if (single) {
                out.add(plain(row[0]));
            } else {
                ArrayNode cells = out.addArray();
                for (double cell : row) {
                    cells.add(plain(cell));
                }
            }
        }
        return out;
    }

    private static double[][] rows(JsonNode course) {
        double[][] rows = new double[course.size()][];
        for (int t = 0; t < rows.length; t++) {
            JsonNode row = course.get(t);
            rows[t] = new double[row.isArray() ? row.size() : 1];
            for (int c = 0; c < rows[t].length; c++) {
                JsonNode cell = row.isArray() ? row.get(c) : row;
                rows[t][c] = cell.isNumber() ? cell.asDouble() : Double.NaN;
            }
        }
        return rows;
    }

    private static JsonNode plain(@Nullable Object value) {
        if (value == null) {
            return NODES.nullNode();
        } else if (value instanceof Double || value instanceof Float) {
            double d = ((Number) value).doubleValue();
            return Double.isFinite(d) ? decimal(d) : NODES.nullNode();
        } else if (value instanceof Number n) {
            return NODES.numberNode(n.longValue());
        } else if (value instanceof Boolean b) {
            return NODES.booleanNode(b);
        } else if (value instanceof Collection<?> many) {
            ArrayNode array = NODES.arrayNode();
            many.forEach(one -> array.add(plain(one)));
            return array;
        } else if (value instanceof Map<?, ?> map) {
            ObjectNode node = NODES.objectNode();
            Map<String, Object> sorted = new TreeMap<>();
            map.forEach((k, v) -> sorted.put(String.valueOf(k), v));
            sorted.forEach((k, v) -> node.set(k, plain(v)));
            return node;
        }
        return NODES.textNode(value.toString());
    }

    /** Nine significant digits, no exponent for the usual magnitudes, no negative zero. */
    static JsonNode decimal(double value) {
        BigDecimal rounded = new BigDecimal(value).round(DIGITS);
        return DecimalNode.valueOf(rounded.signum() == 0 ? BigDecimal.ZERO : rounded.stripTrailingZeros());
    }

    private static com.fasterxml.jackson.core.util.DefaultPrettyPrinter printer() {
        return new com.fasterxml.jackson.core.util.DefaultPrettyPrinter()
                .withObjectIndenter(new com.fasterxml.jackson.core.util.DefaultIndenter("  ", "\n"));
    }

    private static JsonNode need(JsonNode node, String field) {
        JsonNode found = node.get(field);
        if (found == null || found.isNull()) {
            throw new IllegalArgumentException("field " + field + " is missing");
        }
        return found;
    }

    private static @Nullable Double number(@Nullable JsonNode node) {
        return node == null || !node.isNumber() ? null : Double.valueOf(node.asDouble());
    }

    private static @Nullable Integer integer(@Nullable JsonNode node) {
        return node == null || !node.isNumber() ? null : Integer.valueOf(node.asInt());
    }

    private static @Nullable String text(@Nullable JsonNode node) {
        return node == null || node.isNull() ? null : node.asText();
    }
}
