package org.datman.simulator.scanner;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import org.datman.imaging.dicom.Dictionary;
import org.datman.imaging.dicom.Tag;
import org.datman.imaging.dicom.Vr;
import org.datman.simulator.scanner.Scenario.Fault;
import org.datman.simulator.scanner.Scenario.Resource;
import org.datman.simulator.scanner.Scenario.Scanner;
import org.datman.simulator.scanner.Scenario.Session;
import org.datman.simulator.scanner.Scenario.Vendor;
import org.datman.simulator.scanner.SeriesProtocol.PhaseEncoding;

/** Reads a scenario file. Every error is a {@link ScenarioException} that names file, line, key and what is allowed. */
public final class ScenarioFile {
    private static final Set<String> COURSES = Set.of("step", "drift", "nod");

    private final Protocols protocols = Protocols.standard();
    private final Map<String, Scanner> scanners = new LinkedHashMap<>();

    private ScenarioFile() {}

    /**
     * Checks a scenario file without running it.
     *
     * @return number of sessions
     * @throws ScenarioException when it cannot be used
     */
    public static int check(Path file) throws IOException {
        return parse(file).sessions().size();
    }

    static Scenario parse(Path file) throws IOException {
        return parse(file.getFileName().toString(), Files.readString(file));
    }

    static Scenario parse(String file, String text) {
        return new ScenarioFile().read(file, YamlTree.parse(file, text));
    }

    private Scenario read(String file, YamlTree root) {
        Map<String, YamlTree> top = root.map(Set.of("seed", "date", "scanners", "sessions"));
        root.need("scanners").map().forEach((key, tree) -> scanners.put(key, scanner(key, tree)));
        List<Session> sessions = new ArrayList<>();
        Set<String> labels = new HashSet<>();
        for (YamlTree tree : root.need("sessions").list()) {
            Session session = session(tree);
            if (!labels.add(session.project() + "/" + session.label())) {
                throw tree.error("the label '" + session.label() + "' is used twice in project " + session.project());
            }
            sessions.add(session);
        }
        int seed = top.containsKey("seed") ? root.need("seed").integer(0, Integer.MAX_VALUE) : 1;
        return new Scenario(file, seed, date(root.need("date")), List.copyOf(sessions));
    }

    private static LocalDate date(YamlTree tree) {
        try {
            return LocalDate.parse(tree.text());
        } catch (DateTimeParseException e) {
            throw tree.error("must be a date such as 2026-11-02", e);
        }
    }

    private static Scanner scanner(String key, YamlTree tree) {
        tree.map(Set.of("vendor", "model", "station", "serial", "software", "institution", "coil"));
        return new Scanner(
                key,
                Protocols.name(tree.need("vendor"), Vendor.class),
                tree.need("model").headerText(),
                tree.need("station").headerText(),
                tree.need("serial").headerText(),
                tree.need("software").headerText(),
                tree.need("institution").headerText(),
                tree.need("coil").headerText());
    }

    private Session session(YamlTree tree) {
        Map<String, YamlTree> s = tree.map(Set.of(
                "label",
                "subject",
                "project",
                "scanner",
                "phantom",
                "date",
                "arriveAfter",
                "series",
                "resources",
                "faults"));
        String label = tree.need("label").headerText();
        Scanner scanner = tree.need("scanner").oneOf(scanners);
        Map<String, SeriesProtocol> series = new LinkedHashMap<>();
        for (YamlTree item : tree.need("series").list()) {
            SeriesProtocol protocol = series(item, scanner.vendor());
            if (series.put(protocol.key(), protocol) != null) {
                throw item.error("'" + protocol.key()
                        + "' is listed twice; a series that was run twice is the fault repeated-series");
            }
        }
        List<Resource> resources = new ArrayList<>();
        if (s.containsKey("resources")) {
            s.get("resources").list().forEach(r -> resources.add(resource(r)));
        }
        boolean phantom = s.containsKey("phantom")
                && s.get("phantom").oneOf(Set.of("true", "false")).equals("true");
        if (phantom) {
            series.values().forEach(p -> requirePhantomCan(tree, p));
        }
        List<Fault> faults = new ArrayList<>();
        if (s.containsKey("faults")) {
            s.get("faults").list().forEach(f -> faults.add(fault(f, series)));
        }
        return new Session(
                label,
                s.containsKey("subject") ? s.get("subject").headerText() : label,
                tree.need("project").headerText(),
                scanner,
                phantom,
                s.containsKey("date") ? date(tree.need("date")) : null,
                s.containsKey("arriveAfter") ? s.get("arriveAfter").duration() : Duration.ZERO,
                List.copyOf(series.values()),
                List.copyOf(resources),
                List.copyOf(faults));
    }

    private static void requirePhantomCan(YamlTree where, SeriesProtocol protocol) {
        switch (protocol.kind()) {
            case LOCALIZER, T1, T2, BOLD, PHANTOM_EPI, DWI -> {}
            case SE_EPI, GRE_MAGNITUDE, GRE_PHASE ->
                throw where.error("'" + protocol.key() + "' cannot be run on a phantom: its field is the head's");
        }
    }

    private SeriesProtocol series(YamlTree item, Vendor vendor) {
        Set<String> known = protocols.keys(vendor);
        if (!item.isMap()) {
            return protocols.of(item.oneOf(known), vendor);
        }
        Map<String, YamlTree> s = item.map(Set.of("protocol", "volumes"));
        SeriesProtocol protocol = protocols.of(item.need("protocol").oneOf(known), vendor);
        YamlTree volumes = s.get("volumes");
        if (volumes == null) {
            return protocol;
        }
        if (!fourDimensional(protocol) || !protocol.shells().isEmpty()) {
            throw volumes.error("only a time series has volumes to choose; '" + protocol.key() + "' has not");
        }
        return protocol.withVolumes(volumes.integer(1, 2000));
    }

    private static boolean fourDimensional(SeriesProtocol protocol) {
        return switch (protocol.kind()) {
            case BOLD, DWI, SE_EPI, PHANTOM_EPI -> true;
            case LOCALIZER, T1, T2, GRE_MAGNITUDE, GRE_PHASE -> false;
        };
    }

    private static Resource resource(YamlTree tree) {
        tree.map(Set.of("label", "file", "content"));
        YamlTree file = tree.need("file");
        YamlTree label = tree.need("label");
        for (YamlTree name : List.of(file, label)) {
            if (!name.text().matches("[A-Za-z0-9][A-Za-z0-9._ -]{0,99}")) {
                throw name.error("must be a plain name of letters, digits, dot, dash, underscore and blank");
            }
        }
        return new Resource(label.text(), file.text(), tree.need("content").text());
    }

    private Fault fault(YamlTree tree, Map<String, SeriesProtocol> series) {
        YamlTree kindTree = tree.need("kind");
        FaultKind kind = FaultKind.of(kindTree.text()).orElseThrow(() -> {
            Set<String> all = new TreeSet<>();
            for (FaultKind k : FaultKind.values()) {
                all.add(k.key());
            }
            return kindTree.error("'" + kindTree.text() + "' is not known; allowed: " + all);
        });
        Set<String> allowed = new HashSet<>(kind.required());
        allowed.addAll(kind.optional());
        allowed.add("kind");
        Map<String, YamlTree> f = tree.map(allowed);
        kind.required().forEach(tree::need);
        if (kind.aboutSeries()) {
            SeriesProtocol protocol = tree.need("series").oneOf(series);
            return new Fault(kind, protocol.key(), details(kind, f, tree, protocol));
        }
        return new Fault(kind, null, details(kind, tree));
    }

    private static Map<String, Object> details(
            FaultKind kind, Map<String, YamlTree> f, YamlTree tree, SeriesProtocol p) {
        Map<String, Object> d = new HashMap<>();
        switch (kind) {
            case SLICE_DROPOUT, SPIKE -> {
                needsTimeSeries(tree, p);
                d.put("volume", tree.need("volume").integer(0, p.volumes() - 1));
                d.put("slice", tree.need("slice").integer(0, p.slices() - 1));
                if (kind == FaultKind.SPIKE) {
                    d.put("amplitude", tree.need("amplitude").number(1, 3000));
                } else {
                    d.put("loss", tree.need("loss").number(0.01, 1));
                }
            }
            case MOTION -> {
                needsTimeSeries(tree, p);
                d.put("course", tree.need("course").oneOf(COURSES));
                d.put("volume", tree.need("volume").integer(0, p.volumes() - 1));
                for (String vector : List.of("translation", "rotation")) {
                    if (f.containsKey(vector)) {
                        double[] v = tree.need(vector).numbers(3, -30, 30);
                        d.put(vector, List.of(v[0], v[1], v[2]));
                    }
                }
            }
            case GHOST -> {
                switch (p.kind()) {
                    case BOLD, PHANTOM_EPI, T1, T2 ->
                        d.put("level", tree.need("level").number(0.001, 1));
                    case DWI, SE_EPI, LOCALIZER, GRE_MAGNITUDE, GRE_PHASE ->
                        throw tree.error("a ghost can be planted in bold, phantom-epi, t1 and t2 series, '" + p.key()
                                + "' is " + Protocols.lower(p.kind()));
                }
            }
            case PARAMETER_DRIFT -> parameter(tree, d);
            case UNKNOWN_DESCRIPTION, AMBIGUOUS_DESCRIPTION ->
                d.put("description", tree.need("description").headerText());
            case TRUNCATED_SERIES -> {
                if (!fourDimensional(p)) {
                    throw tree.error(
                            "only a time series can be truncated, '" + p.key() + "' is " + Protocols.lower(p.kind()));
                }
                d.put("volumes", tree.need("volumes").integer(1, p.volumes() - 1));
                d.put("planned", p.volumes());
            }
            case LATE_SERIES -> d.put("after", tree.need("after").duration());
            case CORRUPT_FILE -> d.put("file", tree.need("file").integer(1, 100000));
            case MISSING_SERIES, REPEATED_SERIES, NO_DICOM -> {}
            case RENAMED_SESSION, DELETED_SESSION, BAD_LABEL ->
                throw new IllegalArgumentException(kind + " is about a session");
        }
        return d;
    }

    /** Of a fault that is about the session. */
    private static Map<String, Object> details(FaultKind kind, YamlTree tree) {
        return switch (kind) {
            case RENAMED_SESSION ->
                Map.of(
                        "to",
                        tree.need("to").headerText(),
                        "after",
                        tree.need("after").duration());
            case DELETED_SESSION -> Map.of("after", tree.need("after").duration());
            default -> Map.of();
        };
    }

    private static void parameter(YamlTree tree, Map<String, Object> d) {
        YamlTree name = tree.need("parameter");
        YamlTree value = tree.need("value");
        String parameter = name.text();
        d.put("parameter", parameter);
        d.put("value", value.headerText());
        if (parameter.equals("PhaseEncodingDirection")) {
            Protocols.name(value, PhaseEncoding.class);
        } else if (SeriesProtocol.PARAMETERS.contains(parameter)) {
            value.number(0.001, 1e6);
        } else if (!mayDrift(parameter)) {
            throw name.error("'" + parameter + "' is not known; allowed: " + new TreeSet<>(SeriesProtocol.PARAMETERS)
                    + " or the keyword of a DICOM attribute that describes the acquisition, such as SoftwareVersions");
        } else if (!vr(parameter).isText() || vr(parameter) == Vr.DS || vr(parameter) == Vr.IS) {
            value.number(-1e9, 1e9);
        }
    }

    /** Attributes of equipment and acquisition; those that identify and shape the image belong to the scanner. */
    private static boolean mayDrift(String keyword) {
        OptionalInt tag = Dictionary.tag(keyword);
        if (tag.isEmpty() || vr(keyword) == Vr.SQ || vr(keyword) == Vr.UI) {
            return false;
        }
        int group = Tag.group(tag.getAsInt());
        return group == 0x0018 || group == 0x0008 && tag.getAsInt() > Tag.SPECIFIC_CHARACTER_SET;
    }

    private static Vr vr(String keyword) {
        return Dictionary.vr(Dictionary.tagOf(keyword)).orElse(Vr.UN);
    }

    private static void needsTimeSeries(YamlTree tree, SeriesProtocol p) {
        switch (p.kind()) {
            case BOLD, PHANTOM_EPI, DWI -> {}
            case LOCALIZER, T1, T2, SE_EPI, GRE_MAGNITUDE, GRE_PHASE ->
                throw tree.error("can be planted in bold, phantom-epi and dwi series, '" + p.key() + "' is "
                        + Protocols.lower(p.kind()));
        }
    }
}
