package org.datman.contracts.naming;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A protocol name in the form of ReproIn:
 * {@code [prefix:][WIP ]datatype[-suffix][_entity-label...][__free text]}.
 *
 * @param datatype BIDS datatype
 * @param suffix BIDS suffix; the datatype's usual one when the name has none
 * @param entities BIDS entity to label, without {@code ses} and {@code run}
 * @param run the label of the run, {@code +} for the next one, {@code =} for that of the image before; null without
 * @see <a href="https://github.com/repronim/reproin">ReproIn</a>
 */
public record ReproIn(
        String datatype,
        String suffix,
        Map<String, String> entities,
        @Nullable String run) {

    /** The next run of its name. */
    public static final String NEXT = "+";

    /** The run of the image before. */
    public static final String SAME = "=";

    private static final Pattern NAME = Pattern.compile(
            "(?:[^:_]*: ?)?(?:WIP )?(anat|func|dwi|fmap|perf)(?:-([A-Za-z0-9]+))?((?:_[A-Za-z0-9+=-]+?)*)"
                    + "(?:__.*)?");
    private static final Pattern ENTITY = Pattern.compile("(task|acq|ce|dir|rec|echo|part)-([A-Za-z0-9+]+)");
    /** Beyond that a number is a date or an id. */
    private static final Pattern RUN = Pattern.compile("run(?:-([0-9]{1,4})|([+=]))");

    private static final Pattern OTHER_ENTITY = Pattern.compile("(?!run-)[a-z]+-[A-Za-z0-9+]+");
    /** No scanner has room for more. */
    private static final int LONGEST = 256;

    private static final Map<String, String> USUAL = Map.of("func", "bold", "dwi", "dwi", "fmap", "epi", "perf", "asl");

    /** Empty when the text does not have this form, as with a run that is no number of at most four digits. */
    public static Optional<ReproIn> of(String text) {
        Matcher name = NAME.matcher(text.strip());
        if (text.length() > LONGEST || !name.matches()) {
            return Optional.empty();
        }
        String suffix = name.group(2) == null ? USUAL.get(name.group(1)) : name.group(2);
        if (suffix == null) {
            return Optional.empty();
        }
        Map<String, String> entities = new HashMap<>();
        String run = null;
        for (String part : name.group(3).split("_")) {
            Matcher entity = ENTITY.matcher(part);
            Matcher ofRun = RUN.matcher(part);
            if (entity.matches()) {
                entities.put(entity.group(1), entity.group(2));
            } else if (ofRun.matches()) {
                run = ofRun.group(1) == null ? ofRun.group(2) : ofRun.group(1);
            } else if (!part.isEmpty() && !OTHER_ENTITY.matcher(part).matches()) {
                return Optional.empty();
            }
        }
        return Optional.of(new ReproIn(name.group(1), suffix, entities, run));
    }

    public ReproIn {
        entities = Map.copyOf(entities);
    }

    public Optional<String> findRun() {
        return Optional.ofNullable(run);
    }
}
