package org.datman.bids.validation;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.datman.bids.expression.Expression;
import org.datman.bids.expression.JsonValues;
import org.datman.bids.schema.Rule;

/** The rules of the schema for what a file and its sidecars hold. */
final class ContentCheck {

    /** Files that have no sidecar. */
    private static final Set<String> WITHOUT_SIDECAR = Set.of(".json", "", ".md", ".txt", ".rst", ".cff");

    private ContentCheck() {}

    static void check(FileContext context) {
        // Hundreds of rules have the same few selectors, and the schema reader shares them.
        Map<Expression, Boolean> selected = new IdentityHashMap<>();
        for (Rule rule : context.dataset().schema().rules()) {
            if (!rule.selectors().stream()
                    .allMatch(selector -> selected.computeIfAbsent(selector, each -> each.holds(context)))) {
                continue;
            }
            if (!holdAll(rule.checks(), context)) {
                context.report(failed(rule, context));
            }
            rule.findTable().ifPresent(table -> TableCheck.check(rule, table, context));
            if (!rule.aboutSidecar() || !WITHOUT_SIDECAR.contains(context.extension())) {
                rule.fields().forEach(field -> check(rule, field, context));
            }
        }
    }

    private static boolean holdAll(List<Expression> expressions, FileContext context) {
        for (Expression expression : expressions) {
            if (!expression.holds(context)) {
                return false;
            }
        }
        return true;
    }

    private static Finding failed(Rule rule, FileContext context) {
        return rule.findIssue()
                .map(issue -> new Finding(
                        issue.code(),
                        "",
                        severity(issue.level()),
                        context.path(),
                        rule.path(),
                        0,
                        Expression.format(issue.message(), context).strip(),
                        ""))
                .orElseGet(() -> Code.CHECK_ERROR.at(context.path(), "", rule.path(), 0, ""));
    }

    private static FindingSeverity severity(String level) {
        return level.equals("warning") ? FindingSeverity.WARNING : FindingSeverity.ERROR;
    }

    private static void check(Rule rule, Rule.Field field, FileContext context) {
        Map<String, Object> object = rule.aboutSidecar() ? context.metadata() : context.json();
        Object value = object.get(field.name());
        if (value == null) {
            String level = level(field, context);
            boolean counts = level.equals("required") || level.equals("recommended");
            // What a derivative says about itself is optional, unless a rule is made for derivatives.
            if (counts && (rule.forDerivatives() || !context.dataset().isDerivative())) {
                context.report(missing(rule, field, level.equals("required"), context));
            }
            return;
        }
        String place = rule.aboutSidecar() ? context.sidecarOf(field.name()) : context.path();
        new ValueSchema(field.definition(), context.dataset().schema().formats())
                .fault(value)
                .ifPresent(fault -> {
                    Finding finding = Code.JSON_SCHEMA_VALIDATION_ERROR.at(place, field.name(), "", 0, fault);
                    context.report(finding);
                });
    }

    private static String level(Rule.Field field, FileContext context) {
        return field.findOtherwise()
                .filter(condition -> condition.value().equals(context.metadata().get(condition.key())))
                .map(Rule.Condition::level)
                .orElse(field.level());
    }

    private static Finding missing(Rule rule, Rule.Field field, boolean required, FileContext context) {
        String description = JsonValues.text(field.definition(), "description").strip();
        FindingSeverity severity = required ? FindingSeverity.ERROR : FindingSeverity.WARNING;
        Rule.Issue issue = field.issue();
        if (issue != null) {
            return new Finding(
                    issue.code(),
                    field.name(),
                    severity,
                    context.path(),
                    rule.path(),
                    0,
                    issue.message().strip(),
                    description);
        }
        Code code = rule.aboutSidecar()
                ? required ? Code.SIDECAR_KEY_REQUIRED : Code.SIDECAR_KEY_RECOMMENDED
                : required ? Code.JSON_KEY_REQUIRED : Code.JSON_KEY_RECOMMENDED;
        return new Finding(
                code.name(), field.name(), severity, context.path(), rule.path(), 0, code.message(), description);
    }
}
