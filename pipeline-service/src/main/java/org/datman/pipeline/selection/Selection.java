package org.datman.pipeline.selection;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.QcComplete;
import org.datman.contracts.event.QcReviewed.Decision;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.SessionChecked;
import org.datman.contracts.study.PipelineRule;
import org.datman.contracts.study.RequiredVerdict;
import org.jspecify.annotations.Nullable;

/** Decides whether a session may run a tool. Pure; every refusal has a reason. */
public final class Selection {

    private Selection() {}

    /** The decision. */
    public sealed interface Outcome {}

    /** It may run on these files, by the id of the tool's input. */
    public record Runnable(Map<String, FileRef> inputs) implements Outcome {}

    /** Not now; the reason names what it waits for, or what a person can do. */
    public record NotYet(Reason reason) implements Outcome {}

    /** The rule does not apply to this session. */
    public record NotWanted(Reason reason) implements Outcome {}

    /** Either an image or the reason why there is none. */
    private record Choice(@Nullable Image image, @Nullable Reason refusal) {

        static Choice of(Image image) {
            return new Choice(image, null);
        }

        static Choice no(String code, String message, String action) {
            return new Choice(null, new Reason(code, message, action));
        }
    }

    /** A rule with what it is decided on. */
    public record Task(PipelineRule rule, SessionFacts session) {}

    /** A rule as it is; one that defaces once for each image of its tag, under a name of its own. */
    public static List<Task> tasks(PipelineRule rule, SessionFacts session) {
        if (!rule.defaces()) {
            return List.of(new Task(rule, session));
        }
        return session.images().stream()
                .filter(image -> rule.tags().contains(image.tag()))
                .map(image -> new Task(rule.of(image.stem()), session.only(image)))
                .toList();
    }

    /** Whether a session may run a rule's tool. */
    public static Outcome decide(PipelineRule rule, SessionFacts session) {
        if (session.deleted()) {
            return new NotWanted(Reason.of("session-deleted", "The session was deleted on XNAT"));
        }
        if (!rule.appliesTo().covers(session.phantom())) {
            return new NotWanted(Reason.of(
                    "not-for-this",
                    rule.name() + " is for " + rule.appliesTo().key() + "; this session is of a "
                            + (session.phantom() ? "phantom" : "person")));
        }
        List<Reason> refusals = new ArrayList<>();
        Map<String, Image> byTag = new TreeMap<>();
        for (String tag : rule.tags()) {
            Choice choice = choose(rule, tag, session);
            Image image = choice.image();
            Reason refusal = choice.refusal();
            if (image != null) {
                byTag.put(tag, image);
            } else if (refusal != null) {
                refusals.add(refusal);
            }
        }
        Map<String, FileRef> inputs = new TreeMap<>();
        rule.inputs().forEach((id, input) -> {
            Image image = byTag.get(input.tag());
            if (image != null) {
                image.file(input.role())
                        .ifPresentOrElse(
                                file -> inputs.put(id, file),
                                () -> refusals.add(
                                        new Reason(
                                                "no-such-file",
                                                image.stem() + " has no " + input.role() + " file",
                                                "Add that format (Formats) to the tag in the study file, or change the rule's inputs")));
            }
        });
        checkRefusal(rule, session).ifPresent(refusals::add);
        return refusals.isEmpty() ? new Runnable(Map.copyOf(inputs)) : new NotYet(together(refusals));
    }

    private static Choice choose(PipelineRule rule, String tag, SessionFacts session) {
        List<Image> all = session.images().stream()
                .filter(image -> image.tag().equals(tag))
                .toList();
        List<Image> usable = all.stream()
                .filter(image -> image.review() != Decision.BLACKLISTED)
                .toList();
        if (all.isEmpty()) {
            return Choice.no("no-input", "There is no " + tag + " yet", "");
        }
        if (usable.isEmpty()) {
            return Choice.no(
                    "blacklisted",
                    "Every " + tag + " was blacklisted: " + stems(all),
                    "Undo the review if that was wrong, or rescan");
        }
        if (usable.size() == 1) {
            return accept(rule, usable.get(0));
        }
        List<Image> passed =
                usable.stream().filter(image -> image.review() == Decision.PASS).toList();
        return passed.size() == 1
                ? Choice.of(passed.get(0))
                : Choice.no(
                        "several-inputs",
                        usable.size() + " images are tagged " + tag + ": " + stems(usable),
                        "Decide by review: pass exactly one, or blacklist the others");
    }

    private static Choice accept(PipelineRule rule, Image image) {
        if (image.review() == Decision.PASS) {
            return Choice.of(image);
        }
        if (image.partial()) {
            return Choice.no(
                    "incomplete-series",
                    image.stem() + " was made from an incomplete series",
                    "Send the missing files, or pass it by review");
        }
        if (rule.verdict() == RequiredVerdict.ANY) {
            return Choice.of(image);
        }
        if (image.review() == Decision.FLAGGED) {
            return Choice.no(
                    "flagged-by-review",
                    image.stem() + " was flagged by a person",
                    "Pass it by review if it is good enough");
        }
        QcComplete.Verdict verdict = image.verdict();
        if (verdict == null) {
            return image.measured()
                    ? Choice.no("no-verdict", image.stem() + " has no QC verdict yet", "")
                    : Choice.no(
                            "not-measured",
                            image.stem() + " is not measured by the study's rules, so it never gets a verdict",
                            "Pass it by review, or let the rule accept any verdict");
        }
        QcComplete.Level worst = rule.verdict() == RequiredVerdict.PASS ? QcComplete.Level.PASS : QcComplete.Level.WARN;
        if (verdict.level().compareTo(worst) > 0) {
            String why = verdict.reasons().isEmpty() ? "" : " (" + String.join("; ", verdict.reasons()) + ")";
            return Choice.no(
                    "verdict-too-bad",
                    "QC verdict is " + verdict.level() + " for " + image.stem() + why + "; at most " + worst
                            + " may enter " + rule.name(),
                    "Look at it: pass it by review if it is good enough, else blacklist it");
        }
        return Choice.of(image);
    }

    private static Optional<Reason> checkRefusal(PipelineRule rule, SessionFacts session) {
        if (!rule.sessionChecked() || session.signedOff()) {
            return Optional.empty();
        }
        SessionChecked check = session.check();
        if (check == null) {
            return Optional.of(Reason.of("not-checked", "The session has not been checked for completeness yet"));
        }
        if (!check.complete()) {
            String reasons = String.join("; ", check.reasons());
            return Optional.of(new Reason(
                    "not-complete",
                    "The session is not complete" + (reasons.isEmpty() ? "" : ": " + reasons),
                    "Complete it, sign the session off as it is, or let the rule do without (SessionChecked: false)"));
        }
        return Optional.empty();
    }

    private static Reason together(List<Reason> refusals) {
        return new Reason(
                refusals.get(0).code(),
                refusals.stream().map(Reason::message).distinct().collect(Collectors.joining(". ")),
                refusals.stream()
                        .map(Reason::action)
                        .filter(action -> !action.isEmpty())
                        .distinct()
                        .collect(Collectors.joining(". ")));
    }

    private static String stems(List<Image> images) {
        return images.stream().map(Image::stem).sorted().collect(Collectors.joining(", "));
    }
}
