package org.datman.simulator.scanner;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.datman.simulator.scanner.Scenario.Vendor;
import org.datman.simulator.scanner.SeriesProtocol.Orientation;
import org.datman.simulator.scanner.SeriesProtocol.PhaseEncoding;
import org.datman.simulator.scanner.SeriesProtocol.SeriesKind;
import org.datman.simulator.scanner.SeriesProtocol.Shell;

/** The protocols of {@code scenarios/protocols.yaml}, per vendor. */
final class Protocols {
    private static final String RESOURCE = "/scenarios/protocols.yaml";
    private static final Set<String> KEYS = Set.of(
            "kind",
            "tag",
            "description",
            "orientation",
            "matrix",
            "voxel",
            "gap",
            "tilt",
            "repetitionTime",
            "echoTimes",
            "inversionTime",
            "flipAngle",
            "bandwidth",
            "echoSpacing",
            "phaseEncoding",
            "volumes",
            "b0",
            "shells",
            "vendors",
            "only");

    private final Map<String, YamlTree> series;

    private Protocols(Map<String, YamlTree> series) {
        this.series = series;
    }

    /** The protocols that come with DATMAN. */
    static Protocols standard() {
        try (InputStream in = Protocols.class.getResourceAsStream(RESOURCE)) {
            return parse("protocols.yaml", new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + RESOURCE, e);
        }
    }

    static Protocols parse(String file, String text) {
        Protocols protocols = new Protocols(YamlTree.parse(file, text).map());
        protocols.series.forEach((key, tree) -> {
            for (Vendor vendor : Vendor.values()) {
                if (protocols.runsOn(tree, vendor)) {
                    protocols.resolve(key, tree, vendor);
                }
            }
        });
        return protocols;
    }

    /** Keys of the series that a vendor's scanner can run. */
    Set<String> keys(Vendor vendor) {
        Set<String> keys = new TreeSet<>();
        series.forEach((key, tree) -> {
            if (runsOn(tree, vendor)) {
                keys.add(key);
            }
        });
        return keys;
    }

    /** The protocol of a series on a vendor's scanner; the key must be one of {@link #keys}. */
    SeriesProtocol of(String key, Vendor vendor) {
        return resolve(key, Objects.requireNonNull(series.get(key), key), vendor);
    }

    private boolean runsOn(YamlTree tree, Vendor vendor) {
        YamlTree only = tree.map(KEYS).get("only");
        return only == null || only.list().stream().anyMatch(v -> name(v, Vendor.class) == vendor);
    }

    private SeriesProtocol resolve(String key, YamlTree tree, Vendor vendor) {
        Map<String, YamlTree> p = new LinkedHashMap<>(tree.map(KEYS));
        YamlTree vendors = p.remove("vendors");
        if (vendors != null) {
            YamlTree own = vendors.map(
                            Arrays.stream(Vendor.values()).map(Protocols::lower).toList())
                    .get(lower(vendor));
            if (own != null) {
                p.putAll(own.map(KEYS));
            }
        }
        double[] matrix = need(p, "matrix", tree).numbers(3, 1, 512);
        List<Shell> shells = new ArrayList<>();
        if (p.containsKey("shells")) {
            need(p, "shells", tree)
                    .map()
                    .forEach((b, count) -> shells.add(new Shell(bValue(b, count), count.integer(6, 256))));
        }
        int b0 = p.containsKey("b0") ? need(p, "b0", tree).integer(0, 64) : 0;
        int directions = shells.stream().mapToInt(Shell::directions).sum();
        int volumes =
                p.containsKey("volumes") ? need(p, "volumes", tree).integer(1, 2000) : Math.max(1, b0 + directions);
        List<YamlTree> echoes = need(p, "echoTimes", tree).list();
        return new SeriesProtocol(
                key,
                need(p, "tag", tree).text(),
                name(need(p, "kind", tree), SeriesKind.class),
                need(p, "description", tree).text(),
                name(need(p, "orientation", tree), Orientation.class),
                (int) matrix[0],
                (int) matrix[1],
                (int) matrix[2],
                need(p, "voxel", tree).numbers(3, 0.2, 20),
                number(p, "gap", 0, 20),
                number(p, "tilt", -45, 45),
                need(p, "repetitionTime", tree).number(1, 30000),
                echoes.stream().mapToDouble(e -> e.number(0.5, 500)).toArray(),
                number(p, "inversionTime", 0, 5000),
                need(p, "flipAngle", tree).number(1, 180),
                need(p, "bandwidth", tree).number(10, 10000),
                number(p, "echoSpacing", 0, 5),
                name(need(p, "phaseEncoding", tree), PhaseEncoding.class),
                volumes,
                b0,
                List.copyOf(shells),
                Map.of());
    }

    private static YamlTree need(Map<String, YamlTree> entries, String key, YamlTree where) {
        YamlTree value = entries.get(key);
        if (value == null) {
            throw where.error("needs the key '" + key + "'");
        }
        return value;
    }

    private static int bValue(String text, YamlTree where) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw where.error("'" + text + "' is not a b-value", e);
        }
    }

    private static double number(Map<String, YamlTree> p, String key, double min, double max) {
        YamlTree value = p.get(key);
        return value == null ? 0 : value.number(min, max);
    }

    /** An enum constant, written in lower case with dashes or as it is. */
    static <E extends Enum<E>> E name(YamlTree tree, Class<E> type) {
        String text = tree.text();
        for (E constant : type.getEnumConstants()) {
            if (lower(constant).equals(text) || constant.name().equals(text)) {
                return constant;
            }
        }
        throw tree.error("'" + text + "' is not known; allowed: "
                + Arrays.stream(type.getEnumConstants()).map(Protocols::lower).toList());
    }

    static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
