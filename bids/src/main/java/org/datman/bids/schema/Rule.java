package org.datman.bids.schema;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.datman.bids.expression.Expression;
import org.jspecify.annotations.Nullable;

/**
 * What must hold for the files that all selectors choose.
 *
 * @param path where the rule is in the schema: {@code rules.checks.anat.T1wFileWithTooManyDimensions}
 * @param checks what must be true of such a file
 * @param issue what is found when a check fails; null where the schema does not name it
 * @param fields metadata in its sidecar, or in itself if it is a JSON file
 * @param table its columns; null where it is about no table
 * @param forDerivatives whether only derivative datasets are meant: elsewhere their fields may be missing
 */
public record Rule(
        String path,
        List<Expression> selectors,
        List<Expression> checks,
        @Nullable Issue issue,
        List<Field> fields,
        @Nullable Table table,
        boolean forDerivatives) {

    public Optional<Issue> findIssue() {
        return Optional.ofNullable(issue);
    }

    public Optional<Table> findTable() {
        return Optional.ofNullable(table);
    }

    /** Whether the fields are those of a sidecar. */
    public boolean aboutSidecar() {
        return path.startsWith("rules.sidecar");
    }

    /** Code, message (with names in braces) and {@code error} or {@code warning}. */
    public record Issue(String code, String message, String level) {}

    /**
     * A metadata field.
     *
     * @param name its key in JSON
     * @param level {@code required}, {@code recommended}, {@code optional}, {@code prohibited} or {@code deprecated}
     * @param otherwise another level where a field has a value; null where it has one level
     * @param issue replaces the usual finding when the field is missing; null where it does not
     * @param definition its JSON schema
     */
    public record Field(
            String name,
            String level,
            @Nullable Condition otherwise,
            @Nullable Issue issue,
            Map<String, Object> definition) {

        public Optional<Condition> findOtherwise() {
            return Optional.ofNullable(otherwise);
        }

        public Optional<Issue> findIssue() {
            return Optional.ofNullable(issue);
        }
    }

    /** The level where the sidecar has the value under the key. */
    public record Condition(String level, String key, String value) {}

    /**
     * The columns of a table. All names are those in the file.
     *
     * @param columns by name
     * @param initial which come first, in this order
     * @param index which together name a row
     * @param additional {@code allowed}, {@code allowed_if_defined}, {@code not_allowed} or {@code n/a}: columns beside these
     */
    public record Table(Map<String, Column> columns, List<String> initial, List<String> index, String additional) {}

    /** A column: {@code required}, {@code recommended}, {@code optional} …, and what the schema says of its values. */
    public record Column(String level, Map<String, Object> definition) {}
}
