package org.datman.local.proposal;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A protocol name in the form of ReproIn:
 * {@code [prefix:][WIP ]datatype[-suffix][_entity-label...][__free text]}.
 *
 * @param datatype BIDS datatype
 * @param suffix BIDS suffix; the datatype's usual one when the name has none
 * @param entities BIDS entity to label, in the order of the name, without {@code ses} and {@code run}
 * @see <a href="https://github.com/repronim/reproin">ReproIn</a>
 */
record ReproIn(String datatype, String suffix, Map<String, String> entities) {

    private static final Pattern NAME = Pattern.compile(
            "(?:[^:_]*: ?)?(?:WIP )?(anat|func|dwi|fmap|perf)(?:-([A-Za-z0-9]+))?((?:_[A-Za-z0-9+=-]+?)*)"
                    + "(?:__.*)?");
    private static final Pattern ENTITY = Pattern.compile("(task|acq|ce|dir|rec|echo|part)-([A-Za-z0-9+]+)");
    private static final Pattern OTHER_ENTITY = Pattern.compile("[a-z]+-[A-Za-z0-9+]+|run[+=]");
    private static final Map<String, String> USUAL = Map.of("func", "bold", "dwi", "dwi", "fmap", "epi", "perf", "asl");
    private static final Set<String> LOCALIZERS = Set.of("scout", "localizer");

    /** Empty when the text does not have this form. */
    static Optional<ReproIn> of(String text) {
        Matcher name = NAME.matcher(text.strip());
        if (!name.matches()) {
            return Optional.empty();
        }
        String suffix = name.group(2) == null ? USUAL.get(name.group(1)) : name.group(2);
        if (suffix == null) {
            return Optional.empty();
        }
        Map<String, String> entities = new LinkedHashMap<>();
        for (String part : name.group(3).split("_")) {
            Matcher entity = ENTITY.matcher(part);
            if (entity.matches()) {
                entities.put(entity.group(1), entity.group(2));
            } else if (!part.isEmpty() && !OTHER_ENTITY.matcher(part).matches()) {
                return Optional.empty();
            }
        }
        return Optional.of(new ReproIn(name.group(1), suffix, entities));
    }

    /** The kind of series that the name declares. */
    Kind kind() {
        if (LOCALIZERS.contains(suffix.toLowerCase(Locale.ROOT))) {
            return Kind.LOCALIZER;
        }
        for (Kind kind : Kind.values()) {
            if (kind.isKept()
                    && kind.datatype().equals(datatype)
                    && kind.suffix().equals(suffix)) {
                return kind;
            }
        }
        return switch (suffix) {
            case "magnitude1", "magnitude2" -> Kind.FIELD_MAP_MAGNITUDE;
            default -> Kind.UNKNOWN;
        };
    }
}
