package org.datman.local.provenance;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.commons.codec.digest.DigestUtils;
import org.datman.contracts.archive.Fixity;
import org.datman.contracts.event.SeriesTagged.TagExplanation;
import org.datman.contracts.study.AcceptedStudies;
import org.datman.contracts.study.AcceptedStudies.Accepted;
import org.datman.contracts.tree.TreeException;
import org.datman.contracts.tree.TreeNode;
import org.datman.contracts.tree.TreeReader;
import org.jspecify.annotations.Nullable;

/**
 * The text of a study at one revision.
 *
 * @param code study code
 * @param revision digest of the text, as events name it
 * @param file where the archive has it; null when it does not
 * @param sha256 of the text; null when the archive does not have it
 * @param acceptedAt when it was accepted; null unless it is the current one
 * @param acceptedBy login name of who confirmed it; null unless that is known
 * @param rules the rules that matched, with their lines in the text
 */
public record StudyText(
        String code,
        String revision,
        @Nullable String file,
        @Nullable String sha256,
        @Nullable Instant acceptedAt,
        @Nullable String acceptedBy,
        List<Rule> rules) {

    /** Folder of the accepted texts, one file per revision. */
    static final String HISTORY = ".datman/studies/history/";

    /** A key of the tag, beside its pattern. */
    private static final String APPLIES_TO = "AppliesTo";

    /**
     * A rule.
     *
     * @param tag its name
     * @param matched whether all its clauses matched
     * @param line its place in the text, from 1; 0 when it is not found there
     */
    public record Rule(String tag, boolean matched, int line, List<Clause> clauses) {}

    /**
     * A clause and the value of the series.
     *
     * @param line its place in the text, from 1; 0 when it is not found there
     * @param text of that line
     */
    public record Clause(
            String field,
            String expected,
            String actual,
            boolean matched,
            int line,
            @Nullable String text) {}

    /** Reads it from the archive, and finds the rules in it. */
    static StudyText read(
            Path archive, String code, String revision, String site, String tag, List<TagExplanation> explanation)
            throws IOException {
        Optional<Accepted> current = AcceptedStudies.read(archive.resolve(AcceptedStudies.PATH)).stream()
                .flatMap(all -> all.studies().stream())
                .filter(one -> one.code().equals(code) && one.revision().equals(revision))
                .findFirst();
        String path = HISTORY + code + "." + revision + ".yml";
        Path kept = Fixity.resolve(archive, path);
        byte[] text = Files.isRegularFile(kept)
                ? Files.readAllBytes(kept)
                : current.map(one -> one.text().getBytes(StandardCharsets.UTF_8))
                        .orElse(null);
        String file = Files.isRegularFile(kept) ? path : current.isPresent() ? AcceptedStudies.PATH : null;
        List<TagExplanation> matched = explanation.stream()
                .filter(one -> one.matched() && one.tag().equals(tag))
                .toList();
        return new StudyText(
                code,
                revision,
                file,
                text == null ? null : DigestUtils.sha256Hex(text),
                current.map(Accepted::time).orElse(null),
                current.map(Accepted::by).filter(by -> !by.isEmpty()).orElse(null),
                rules(text, site, matched));
    }

    /** The rules with their lines in the text of the study. */
    static List<Rule> rules(byte @Nullable [] text, String site, List<TagExplanation> matched) {
        TreeNode root = text == null ? null : tree(text);
        List<String> lines = text == null
                ? List.of()
                : new String(text, StandardCharsets.UTF_8).lines().toList();
        List<Rule> rules = new ArrayList<>();
        for (TagExplanation one : matched) {
            List<List<String>> places = List.of(List.of("Sites", site, "Tags", one.tag()), List.of("Tags", one.tag()));
            List<Clause> clauses = new ArrayList<>();
            for (org.datman.contracts.event.SeriesTagged.Clause clause : one.clauses()) {
                int line = 0;
                for (List<String> place : places) {
                    line = line == 0 ? line(root, keys(place, clause.field())) : line;
                }
                clauses.add(new Clause(
                        clause.field(),
                        clause.expected(),
                        clause.actual(),
                        clause.matched(),
                        line,
                        line == 0 || line > lines.size()
                                ? null
                                : lines.get(line - 1).strip()));
            }
            // An override of the site may have no Pattern, only a Count: the rule is the study's then.
            int line = places.stream()
                    .filter(place -> line(root, keys(place, "")) > 0)
                    .mapToInt(place -> line(root, place))
                    .findFirst()
                    .orElse(0);
            rules.add(new Rule(one.tag(), one.matched(), line, clauses));
        }
        return rules;
    }

    /** The keys to a clause; to the pattern itself for an empty field. */
    private static List<String> keys(List<String> tag, String field) {
        List<String> keys = new ArrayList<>(tag);
        if (field.equals(APPLIES_TO)) {
            keys.add(APPLIES_TO);
            return keys;
        }
        keys.add("Pattern");
        if (!field.isEmpty()) {
            keys.addAll(List.of(field.split("\\.", 2)));
        }
        return keys;
    }

    private static @Nullable TreeNode tree(byte[] text) {
        try {
            return TreeReader.yaml(text).orElse(null);
        } catch (TreeException unreadable) {
            // Accepted by a version that read it otherwise: the clauses are known from the record, only their lines are
            // not.
            return null;
        }
    }

    /** The line of the key at the end of a path; 0 when the text does not have it. */
    private static int line(@Nullable TreeNode root, List<String> keys) {
        TreeNode node = root;
        int line = 0;
        for (String key : keys) {
            TreeNode.Entry found = null;
            if (node instanceof TreeNode.Mapping mapping) {
                for (TreeNode.Entry entry : mapping.entries()) {
                    if (entry.key() instanceof TreeNode.Scalar scalar
                            && scalar.text().equals(key)) {
                        found = entry;
                    }
                }
            }
            if (found == null) {
                return 0;
            }
            line = found.key().place().line();
            node = found.value();
        }
        return line;
    }
}
