package org.datman.pipeline.bids;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.datman.contracts.naming.ReproIn;
import org.datman.contracts.study.BidsRule;

/**
 * Gives each image of a session a name of its own. The entities are those of the study file. Images of one scan that differ in echo or part get
 * that entity from their sidecars; what has the same name after that is numbered as runs in the order of acquisition.
 */
final class BidsNames {

    /** Suffixes that have the echo in themselves; the standard gives them no entity for it. */
    private static final Set<String> WITHOUT_ECHO =
            Set.of("magnitude", "magnitude1", "magnitude2", "phase1", "phase2", "phasediff", "fieldmap");

    private static final String RUN = "run";

    private BidsNames() {}

    /**
     * The names by stem, no two of which are the same.
     *
     * @param inOrder of acquisition; all images, those that are left out later too, so that a decision about one run renames no other
     */
    static Map<String, BidsPath> of(String prefix, List<BidsImage> inOrder) {
        Map<String, BidsPath> names = new LinkedHashMap<>();
        for (BidsImage image : inOrder) {
            BidsRule rule = image.rule();
            names.put(image.stem(), new BidsPath(rule.datatype(), prefix, rule.entities(), rule.suffix()));
        }
        distinguish(inOrder, names, "echo", BidsNames::echo);
        distinguish(inOrder, names, "part", BidsNames::part);
        number(inOrder, names);
        return names;
    }

    /** Adds an entity to images of one scan and one name that differ in it. */
    private static void distinguish(
            List<BidsImage> inOrder, Map<String, BidsPath> names, String entity, Function<BidsImage, String> label) {
        Map<String, List<BidsImage>> alike = new LinkedHashMap<>();
        inOrder.forEach(
                image -> alike.computeIfAbsent(image.scan() + "/" + names.get(image.stem()), key -> new ArrayList<>())
                        .add(image));
        for (List<BidsImage> images : alike.values()) {
            // Of an image without its sidecar the label is not known: it hides none of the others.
            List<String> labels = images.stream()
                    .filter(image ->
                            !image.sidecar().isEmpty() || image.findAbsent().isEmpty())
                    .map(label)
                    .distinct()
                    .toList();
            if (labels.size() > 1 && !labels.contains("")) {
                images.stream()
                        .filter(image -> !label.apply(image).isEmpty())
                        .forEach(image -> names.computeIfPresent(
                                image.stem(), (stem, path) -> path.with(entity, label.apply(image))));
            }
        }
    }

    /**
     * Gives runs. {@code +} and {@code =} of ReproIn become the next run of the name and the run of the image before; what has one name
     * otherwise is numbered in the order of acquisition, also where a run was named twice.
     */
    private static void number(List<BidsImage> inOrder, Map<String, BidsPath> names) {
        resolve(inOrder, names);
        Map<String, List<String>> alike = new LinkedHashMap<>();
        names.forEach((stem, path) -> alike.computeIfAbsent(key(path.without(RUN)), key -> new ArrayList<>())
                .add(stem));
        for (List<String> stems : alike.values()) {
            long different = names.entrySet().stream()
                    .filter(name -> stems.contains(name.getKey()))
                    .map(name -> key(name.getValue()))
                    .distinct()
                    .count();
            for (int i = 0; i < stems.size() && different < stems.size(); i++) {
                String run = label(i + 1);
                names.computeIfPresent(stems.get(i), (stem, path) -> path.with(RUN, run));
            }
        }
    }

    private static void resolve(List<BidsImage> inOrder, Map<String, BidsPath> names) {
        Map<String, Integer> last = new HashMap<>();
        Map<String, Integer> ofScan = new HashMap<>();
        for (BidsImage image : inOrder) {
            names.computeIfPresent(image.stem(), (stem, path) -> {
                String wanted = path.entities().getOrDefault(RUN, "");
                if (wanted.isEmpty()) {
                    return path;
                }
                // Echoes and parts are one run, and so is the reference volume of a run.
                BidsPath bare = path.without(RUN).without("echo").without("part");
                String name = key(bare);
                String anySuffix = name.substring(0, name.lastIndexOf('_') + 1);
                int number =
                        switch (wanted) {
                            case ReproIn.NEXT ->
                                ofScan.computeIfAbsent(
                                        image.scan() + "/" + name, scan -> last.getOrDefault(name, 0) + 1);
                            case ReproIn.SAME -> last.getOrDefault(anySuffix, 1);
                            default -> Integer.parseInt(wanted);
                        };
                last.put(name, number);
                last.put(anySuffix, number);
                return wanted.equals(ReproIn.NEXT) || wanted.equals(ReproIn.SAME)
                        ? path.with(RUN, label(number))
                        : path;
            });
        }
    }

    private static String label(int run) {
        return String.format(Locale.ROOT, "%02d", run);
    }

    /** Not by case: on some file systems two names that differ in it are one. */
    private static String key(BidsPath path) {
        return path.toString().toLowerCase(Locale.ROOT);
    }

    private static String echo(BidsImage image) {
        int number = image.sidecar().path("EchoNumber").asInt(0);
        if (WITHOUT_ECHO.contains(image.rule().suffix())
                || image.rule().entities().containsKey("echo")) {
            return "";
        }
        return number > 0 ? Integer.toString(number) : "";
    }

    private static String part(BidsImage image) {
        if (image.rule().datatype().equals("fmap") || image.rule().entities().containsKey("part")) {
            return "";
        }
        List<String> types = new ArrayList<>();
        image.sidecar().path("ImageType").forEach(type -> types.add(type.asText()));
        if (types.contains("PHASE") || types.contains("P")) {
            return "phase";
        } else if (types.contains("REAL") || types.contains("R")) {
            return "real";
        } else if (types.contains("IMAGINARY") || types.contains("I")) {
            return "imag";
        }
        return types.contains("MAGNITUDE") || types.contains("M") ? "mag" : "";
    }
}
