package org.datman.bids.validation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.datman.bids.dataset.BidsFileName;
import org.datman.bids.dataset.DatasetFile;
import org.datman.bids.schema.DirectoryRule;
import org.datman.bids.schema.FileRule;

/** Whether BIDS has such a name, and at this place. */
final class NameCheck {

    private NameCheck() {}

    static void check(FileContext context) {
        if (context.file().size() == 0 && !context.isFolder()) {
            context.report(Code.EMPTY_FILE.at(context.path()));
        }
        List<FileRule> rules = context.isFolder() ? List.of() : choose(context);
        boolean known = context.isFolder() ? isKnownFolder(context) : !rules.isEmpty();
        if (!known) {
            context.report(Code.NOT_INCLUDED.at(context.path()));
        }
        context.forget(
                rules.stream()
                        .allMatch(rule -> rule.findEntities().map(Map::isEmpty).orElse(true)),
                rules.stream().allMatch(rule -> rule.extensions().isEmpty()),
                rules.stream().allMatch(rule -> rule.suffixes().isEmpty()));
        if (rules.stream().anyMatch(rule -> !rule.suffixes().isEmpty())) {
            String unlabelled = context.entities().entrySet().stream()
                    .filter(entity -> entity.getValue().equals(BidsFileName.NO_LABEL))
                    .map(Map.Entry::getKey)
                    .collect(Collectors.joining(", "));
            if (!unlabelled.isEmpty()) {
                context.report(Code.ENTITY_WITH_NO_LABEL.at(context.path(), unlabelled));
            }
        }
        checkLabels(context);
        checkRules(context, rules);
        checkOrder(context);
        checkCase(context);
    }

    private static boolean isKnownFolder(FileContext context) {
        String name = context.file().name().replace("/", "");
        return context.dataset().directoryRules().stream().anyMatch((DirectoryRule rule) -> rule.allows(name));
    }

    /** The rules that the name may be meant by: by suffix, path or stem; of several those with its datatype, entities and extension. */
    private static List<FileRule> choose(FileContext context) {
        String stem = context.file().name().split("\\.", -1)[0];
        Stream<FileRule> all = context.dataset().schema().fileRules().stream();
        if (context.dataset().isDerivative()) {
            all = Stream.concat(all, context.dataset().schema().derivativeFileRules().stream());
        }
        List<FileRule> rules = all.filter(rule -> rule.findPath()
                                .map(path -> context.path().equals("/" + path))
                                .orElse(false)
                        || rule.findStem()
                                .map(pattern -> pattern.matcher(stem).matches()
                                        && (rule.datatypes().isEmpty()
                                                || rule.datatypes().contains(context.datatype())))
                                .orElse(false)
                        || rule.suffixes().contains(context.suffix()))
                .toList();
        rules = prefer(rules, rule -> rule.datatypes().contains(context.datatype()));
        return prefer(
                rules,
                rule -> (rule.extensions().isEmpty() || rule.extensions().contains(context.extension()))
                        && rule.findEntities()
                                .map(entities -> entities.keySet()
                                        .containsAll(context.entities().keySet()))
                                .orElse(true));
    }

    private static List<FileRule> prefer(List<FileRule> rules, Predicate<FileRule> better) {
        List<FileRule> chosen = rules.size() > 1 ? rules.stream().filter(better).toList() : List.of();
        return chosen.isEmpty() ? rules : chosen;
    }

    private static void checkLabels(FileContext context) {
        context.entities().forEach((entity, label) -> {
            Pattern pattern = context.dataset().schema().entities().get(entity);
            if (pattern != null && !pattern.matcher(label).matches()) {
                context.report(Code.INVALID_ENTITY_LABEL.at(
                        context.path(), entity + "-" + label + ", allowed is " + pattern.pattern()));
            }
        });
    }

    private static void checkRules(FileContext context, List<FileRule> rules) {
        if (context.isFolder() || rules.isEmpty()) {
            return;
        }
        Map<String, List<Finding>> faults = new LinkedHashMap<>();
        rules.forEach(rule -> faults.put(rule.rule(), faults(context, rule)));
        if (rules.size() == 1) {
            faults.values().forEach(found -> found.forEach(context::report));
        } else if (faults.values().stream().noneMatch(List::isEmpty)) {
            context.report(Code.ALL_FILENAME_RULES_HAVE_ISSUES.at(context.path(), String.join(", ", faults.keySet())));
        }
    }

    private static List<Finding> faults(FileContext context, FileRule rule) {
        List<Finding> faults = new ArrayList<>();
        boolean atRoot = context.path().lastIndexOf('/') == 0;
        rule.findEntities().ifPresent(entities -> {
            // Sidecars at the top are inherited: they need not have all entities.
            String missing = entities.entrySet().stream()
                    .filter(entity ->
                            entity.getValue() && !atRoot && !context.entities().containsKey(entity.getKey()))
                    .map(Map.Entry::getKey)
                    .collect(Collectors.joining(", "));
            String unexpected = context.entities().keySet().stream()
                    .filter(entity -> !entities.containsKey(entity))
                    .collect(Collectors.joining(", "));
            if (!missing.isEmpty()) {
                faults.add(Code.MISSING_REQUIRED_ENTITY.at(context.path(), "", rule.rule(), 0, missing));
            }
            if (!unexpected.isEmpty()) {
                faults.add(Code.ENTITY_NOT_IN_RULE.at(context.path(), "", rule.rule(), 0, unexpected));
            }
        });
        if (!context.datatype().isEmpty()
                && !rule.datatypes().isEmpty()
                && !rule.datatypes().contains(context.datatype())) {
            faults.add(Code.DATATYPE_MISMATCH.at(context.path(), "", rule.rule(), 0, context.datatype()));
        }
        if (!rule.extensions().isEmpty() && !rule.extensions().contains(context.extension())) {
            faults.add(Code.EXTENSION_MISMATCH.at(context.path(), "", rule.rule(), 0, context.extension()));
        }
        if (!context.entities().containsKey("tpl")) {
            checkPlace(context, "sub", "ses").ifPresent(faults::add);
        }
        if (!context.entities().containsKey("sub")) {
            checkPlace(context, "tpl", "cohort").ifPresent(faults::add);
        }
        return faults;
    }

    /** Whether a file is in the folders of its subject and session, or template and cohort. */
    private static Optional<Finding> checkPlace(FileContext context, String upper, String lower) {
        String upperLabel = context.entities().getOrDefault(upper, "");
        String lowerLabel = context.entities().getOrDefault(lower, "");
        String path = context.path();
        if (!upperLabel.isEmpty()) {
            String place =
                    "/" + upper + "-" + upperLabel + "/" + (lowerLabel.isEmpty() ? "" : lower + "-" + lowerLabel + "/");
            if (!path.startsWith(place)) {
                return Optional.of(Code.INVALID_LOCATION.at(path, "it belongs in " + place));
            }
        } else if (path.startsWith("/" + upper + "-")) {
            return Optional.of(Code.INVALID_LOCATION.at(path, "its name does not have " + upper));
        }
        return lowerLabel.isEmpty() && path.contains("/" + lower + "-")
                ? Optional.of(Code.INVALID_LOCATION.at(path, "its name does not have " + lower))
                : Optional.empty();
    }

    private static void checkOrder(FileContext context) {
        if (context.entities().isEmpty()) {
            return;
        }
        String expected = Stream.concat(
                        context.dataset().schema().entities().keySet().stream()
                                .filter(context.entities()::containsKey)
                                .map(entity -> entity + "-" + context.entities().get(entity)),
                        Stream.of(context.suffix() + context.extension()))
                .collect(Collectors.joining("_"));
        if (!context.file().name().equals(expected)) {
            context.report(Code.FILENAME_MISMATCH.at(context.path(), "expected is " + expected));
        }
    }

    private static void checkCase(FileContext context) {
        String name = context.file().name();
        List<DatasetFile> others = context.file().folder().files();
        if (others.stream()
                .anyMatch(other -> !other.name().equals(name) && other.name().equalsIgnoreCase(name))) {
            context.report(Code.CASE_COLLISION.at(context.path()));
        }
    }
}
