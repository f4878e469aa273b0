package org.datman.pipeline.selection;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.InputSet;
import org.datman.contracts.event.QcComplete;
import org.datman.contracts.event.QcReviewed.Decision;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.SessionChecked;
import org.datman.contracts.naming.DatmanId;
import org.datman.contracts.naming.DatmanIds;
import org.datman.contracts.study.PairedData;
import org.datman.contracts.study.PipelineRule;
import org.datman.contracts.study.PipelineRule.BidsInput;
import org.datman.contracts.study.PipelineRule.FieldMapFile;
import org.datman.contracts.study.PipelineRule.PairedInput;
import org.datman.contracts.study.PipelineRule.PipelineOutput;
import org.datman.contracts.study.PipelineRule.SessionLabel;
import org.datman.contracts.study.PipelineRule.TagFile;
import org.datman.contracts.study.RequiredVerdict;
import org.jspecify.annotations.Nullable;

/** Decides whether a session may run a tool. Pure; every refusal has a reason. */
public final class Selection {

    private Selection() {}

    /** The decision. */
    public sealed interface Outcome {}

    /**
     * It may run.
     *
     * @param inputs files by the id of the tool's input
     * @param sets inputs that are several files or a folder
     * @param labels inputs that are names of the session
     */
    public record Runnable(Map<String, FileRef> inputs, Map<String, InputSet> sets, Map<String, String> labels)
            implements Outcome {

        public Runnable {
            inputs = Map.copyOf(inputs);
            sets = Map.copyOf(sets);
            labels = Map.copyOf(labels);
        }
    }

    /**
     * Not now.
     *
     * @param reason names what it waits for, or what a person can do
     * @param follows whether it waits for nothing but results of pipelines that would start now: of a preview
     */
    public record NotYet(Reason reason, boolean follows) implements Outcome {}

    /** The rule does not apply to this session. */
    public record NotWanted(Reason reason) implements Outcome {}

    /** The images of a tag, in the order of their names, or the reason why there is none; neither where the tool runs without. */
    private record Choice(List<Image> images, @Nullable Reason refusal) {

        private static final Choice WITHOUT = new Choice(List.of(), null);

        static Choice of(Image image) {
            return new Choice(List.of(image), null);
        }

        static Choice no(String code, String message, String action) {
            return new Choice(List.of(), new Reason(code, message, action));
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

    /**
     * Whether a session may run a rule's tool.
     *
     * @param sources what the session has beside its series
     */
    public static Outcome decide(PipelineRule rule, SessionFacts session, Sources sources) {
        Optional<Reason> notWanted = notWanted(rule, session);
        if (notWanted.isPresent()) {
            return new NotWanted(notWanted.get());
        }
        if (rule.perParticipant()) {
            Optional<String> other = TimePoint.first(sources.timePoints(), rule)
                    .map(TimePoint::sessionName)
                    .filter(first -> !first.equals(session.sessionName()));
            if (other.isPresent()) {
                return new NotWanted(Reason.of(
                        "once-for-a-participant",
                        rule.name() + " runs once for a participant, with the first session that it is for, "
                                + other.get()));
            }
        }
        Inputs inputs = new Inputs(rule, session, sources);
        rule.tags().forEach(inputs::ofTag);
        inputs.wanted.forEach(inputs::other);
        checkRefusal(rule, session).ifPresent(inputs.refusals::add);
        return inputs.refusals.isEmpty()
                ? new Runnable(inputs.files, inputs.sets, inputs.labels)
                : new NotYet(together(inputs.refusals), inputs.starting == inputs.refusals.size());
    }

    /** Why a rule is not for a session, whatever it has; empty when it is. */
    public static Optional<Reason> notWanted(PipelineRule rule, SessionFacts session) {
        if (session.deleted()) {
            return Optional.of(Reason.of("session-deleted", "The session was deleted on XNAT"));
        }
        if (!rule.appliesTo().covers(session.phantom())) {
            return Optional.of(Reason.of(
                    "not-for-this",
                    rule.name() + " is for " + rule.appliesTo().key() + "; this session is of a "
                            + (session.phantom() ? "phantom" : "person")));
        }
        LocalDate since = rule.since();
        LocalDate date = session.date();
        return since == null || date == null || !date.isBefore(since)
                ? Optional.empty()
                : Optional.of(Reason.of(
                        "too-early",
                        rule.name() + " is for sessions since " + since + "; this one was scanned on " + date));
    }

    /** Collects what the inputs of a tool get. */
    private static final class Inputs {

        private final PipelineRule rule;
        /** In an order that is always the same, and with it the order of reasons. */
        private final Map<String, PipelineRule.Input> wanted;

        private final SessionFacts session;
        private final Sources sources;
        private final List<Reason> refusals = new ArrayList<>();
        /** How many of them are that a pipeline would start now. */
        private int starting;

        private final Map<String, FileRef> files = new TreeMap<>();
        private final Map<String, InputSet> sets = new TreeMap<>();
        private final Map<String, String> labels = new TreeMap<>();
        /** Names of the images that the tool gets, by tag. */
        private final Map<String, Set<String>> chosen = new HashMap<>();

        Inputs(PipelineRule rule, SessionFacts session, Sources sources) {
            this.rule = rule;
            this.wanted = new TreeMap<>(rule.inputs());
            this.session = session;
            this.sources = sources;
        }

        void ofTag(String tag) {
            Choice choice = choose(rule, tag, session);
            if (choice.refusal() != null) {
                refusals.add(choice.refusal());
                return;
            }
            chosen.put(tag, choice.images().stream().map(Image::stem).collect(Collectors.toSet()));
            if (wanted.values().stream()
                    .anyMatch(input ->
                            input instanceof FieldMapFile of && of.target().equals(tag))) {
                ofFieldMaps(tag, choice.images());
            }
            wanted.forEach((id, input) -> {
                if (input instanceof TagFile of && of.tag().equals(tag)) {
                    List<FileRef> found = choice.images().stream()
                            .flatMap(image -> file(image, of.role()).stream())
                            .toList();
                    if (found.isEmpty()) {
                        return;
                    }
                    if (of.all()) {
                        sets.put(id, new InputSet(Optional.empty(), found));
                    } else {
                        files.put(id, found.get(0));
                    }
                }
            });
        }

        /** The field maps of images that the tool gets; several of these may have one. */
        private void ofFieldMaps(String target, List<Image> images) {
            List<Image> maps = images.stream()
                    .flatMap(image -> fieldMap(image).stream())
                    .distinct()
                    .toList();
            wanted.forEach((id, input) -> {
                if (!(input instanceof FieldMapFile of) || !of.target().equals(target) || maps.isEmpty()) {
                    return;
                }
                List<Image> chosen = maps.stream()
                        .filter(image -> of.all() || image.tag().equals(of.tag()))
                        .toList();
                List<FileRef> found = chosen.stream()
                        .flatMap(image -> file(image, of.role()).stream())
                        .toList();
                if (of.all() && !found.isEmpty()) {
                    sets.put(id, new InputSet(Optional.empty(), found));
                } else if (chosen.size() == 1 && !found.isEmpty()) {
                    files.put(id, found.get(0));
                } else if (chosen.size() != 1) {
                    refusals.add(new Reason(
                            "no-field-map",
                            "Of " + of.tag() + " the field maps for " + target + " (" + stems(maps) + ") have "
                                    + chosen.size() + " images; input " + id + " gets exactly one",
                            "Correct the Tag of that input in the study file"));
                }
            });
        }

        /** The images of the field map of an image; empty, with a refusal, when none fits. */
        private List<Image> fieldMap(Image image) {
            BidsContent bids = sources.bids();
            BidsContent.FieldMap map = bids == null ? null : bids.fieldMaps().get(image.stem());
            if (map == null) {
                refusals.add(new Reason(
                        "no-field-map",
                        image.stem() + " is not in the BIDS dataset of the session, with which its field map is found",
                        "Correct Bids of its tag in the study file"));
                return List.of();
            }
            if (map.stems().isEmpty()) {
                refusals.add(new Reason(
                        "no-field-map",
                        "No field map of this session fits " + image.stem() + ": " + map.why(),
                        "Undo the review if a field map was blacklisted wrongly, or correct Bids of its tag"
                                + " (IntendedFor, Metadata) in the study file"));
                return List.of();
            }
            List<Image> found = session.images().stream()
                    .filter(each -> map.stems().contains(each.stem()))
                    .sorted(Comparator.comparing(each -> map.stems().indexOf(each.stem())))
                    .toList();
            List<Reason> refused = found.stream()
                    .flatMap(each -> each.review() == Decision.BLACKLISTED
                                    || found.size() < map.stems().size()
                            ? Stream.of(Reason.of(
                                    "no-field-map",
                                    "The field map of " + image.stem() + " (" + String.join(", ", map.stems())
                                            + ") is not there any more"))
                            : each.measured() || each.partial()
                                    ? Stream.ofNullable(accept(rule, each).refusal())
                                    : Stream.empty())
                    .distinct()
                    .toList();
            refusals.addAll(refused);
            return refused.isEmpty() ? found : List.of();
        }

        private Optional<FileRef> file(Image image, String role) {
            Optional<FileRef> file = image.file(role);
            if (file.isEmpty()) {
                refusals.add(new Reason(
                        "no-such-file",
                        image.stem() + " has no " + role + " file",
                        "Add that format (Formats) to the tag in the study file, or change the rule's inputs"));
            }
            return file;
        }

        void other(String id, PipelineRule.Input input) {
            if (input instanceof PipelineOutput output) {
                ofPipeline(id, output);
            } else if (input instanceof BidsInput) {
                ofBids(id);
            } else if (input instanceof PairedInput paired) {
                ofPaired(id, paired);
            } else if (input instanceof SessionLabel name) {
                labels.put(id, label(name.label()));
            }
        }

        /** Of files that belong to scans only those of the images that the tool gets, where it gets images of their tag. */
        private void ofPaired(String id, PairedInput of) {
            PairedData data = of.data();
            Optional<String> tag = data.findTag().filter(rule.tags()::contains);
            if (tag.isPresent() && !chosen.containsKey(tag.get())) {
                return;
            }
            List<FileRef> found = sources.paired().stream()
                    .filter(file -> data.matches(file.folder(), file.name()))
                    .filter(file -> file.file().size() >= data.minBytes())
                    .filter(file -> tag.isEmpty()
                            || !file.ofScan()
                            || !Collections.disjoint(file.stems(), chosen.getOrDefault(tag.get(), Set.of())))
                    .map(PairedFile::file)
                    .sorted(Comparator.comparing(FileRef::path))
                    .toList();
            if (found.isEmpty() && of.optional()) {
                return;
            }
            String names = found.stream()
                    .map(file -> file.path().substring(file.path().lastIndexOf('/') + 1))
                    .collect(Collectors.joining(", "));
            if (found.size() < Math.max(1, of.atLeast())) {
                refusals.add(new Reason(
                        "no-paired-data",
                        "Of " + data.label() + " there are " + found.size() + " files of " + data.minBytes()
                                + " bytes or more; " + rule.name() + " needs "
                                + (of.all() ? "at least " + of.atLeast() : "one")
                                + (names.isEmpty() ? "" : ": " + names),
                        "Put them on XNAT, or correct PairedData in the study file"));
            } else if (of.all()) {
                sets.put(id, new InputSet(Optional.empty(), found));
            } else if (found.size() == 1) {
                files.put(id, found.get(0));
            } else {
                refusals.add(new Reason(
                        "several-paired-data",
                        "Of " + data.label() + " there are " + found.size() + " files, and input " + id + " gets one: "
                                + names,
                        "Remove the others from XNAT, or let File or Folder of PairedData match one file only in the"
                                + " study file, or let the input get a list (All: true)"));
            }
        }

        /** A folder with the folders of the sessions' runs: of runs of one version of a tool {@code SESSION/PIPELINE-KEY}. */
        private void ofAllSessions(String id, PipelineOutput of) {
            List<FileRef> found = new ArrayList<>();
            Set<String> folders = new TreeSet<>();
            List<String> versions = new ArrayList<>();
            int before = refusals.size();
            for (TimePoint each : sources.timePoints()) {
                if (each.notFor().contains(of.pipeline())) {
                    continue;
                }
                ToolResult result = each.results().get(of.pipeline());
                if (result instanceof ToolResult.Current current) {
                    List<FileRef> own = current.set(of.output())
                            .map(InputSet::files)
                            .or(() -> current.file(of.output()).map(List::of))
                            .orElse(List.of());
                    found.addAll(own);
                    current.folder().map(Inputs::folderOfVersion).ifPresent(folders::add);
                    versions.add(current.tool() + " (" + each.sessionName() + ")");
                    if (own.isEmpty()) {
                        refusals.add(noOutput(of, current));
                    }
                } else {
                    awaitResult(of.pipeline() + " of session " + each.sessionName(), result);
                }
            }
            if (found.isEmpty() && refusals.size() == before) {
                refusals.add(Reason.of(
                        "no-result", "It waits for " + of.pipeline() + ", which no session of the participant has"));
            } else if (folders.size() > 1) {
                // In a folder of one version a session is a folder of the first level. After a new version the sessions
                // run again one by one.
                refusals.add(Reason.of(
                        "no-result",
                        "It waits for " + of.pipeline()
                                + " of all sessions to have results of one version of its tool; they are of "
                                + String.join(", ", versions)));
            } else if (!found.isEmpty()) {
                sets.put(id, new InputSet(folders.stream().findFirst(), found));
            }
        }

        /** Above the folders of the run and of the session. */
        private static String folderOfVersion(String run) {
            String session = run.substring(0, run.lastIndexOf('/'));
            return session.substring(0, session.lastIndexOf('/'));
        }

        private void ofPipeline(String id, PipelineOutput of) {
            if (of.all()) {
                ofAllSessions(id, of);
                return;
            }
            ToolResult result = sources.results().get(of.pipeline());
            if (result instanceof ToolResult.Current current) {
                Optional<FileRef> file = current.file(of.output());
                Optional<InputSet> set = current.set(of.output());
                file.ifPresent(found -> files.put(id, found));
                set.ifPresent(found -> sets.put(id, found));
                if (file.isEmpty() && set.isEmpty()) {
                    refusals.add(noOutput(of, current));
                }
            } else {
                awaitResult(of.pipeline() + " of this session", result);
            }
        }

        private void awaitResult(String pipelineOfSession, @Nullable ToolResult result) {
            ToolResult.Pending pending =
                    result instanceof ToolResult.Pending some ? some : new ToolResult.Pending("is not decided yet");
            refusals.add(Reason.of("no-result", "It waits for " + pipelineOfSession + ", which " + pending.why()));
            starting += pending.starts() ? 1 : 0;
        }

        private static Reason noOutput(PipelineOutput wanted, ToolResult.Current current) {
            String result = "The result of " + wanted.pipeline() + " (" + current.tool() + ") ";
            return current.places().isEmpty()
                    ? new Reason(
                            "no-such-output",
                            result + "is older than the list of its outputs",
                            "Press 'Run again' of " + wanted.pipeline())
                    : new Reason(
                            "no-such-output",
                            result + "has no output '" + wanted.output()
                                    + "': its descriptor has none, or the tool did not write it; there are "
                                    + String.join(
                                            ", ", new TreeSet<>(current.places().keySet())),
                            "Correct Output of the rule's inputs in the study file, or let the tool write it");
        }

        private void ofBids(String id) {
            BidsContent bids = sources.bids();
            if (bids == null) {
                refusals.add(new Reason(
                        "not-in-bids",
                        "The session is not in its BIDS dataset",
                        "Correct Bids of its tags in the study file"));
                return;
            }
            Map<String, Image> images = new TreeMap<>();
            session.images().forEach(image -> images.put(image.stem(), image));
            Set<String> kept = new HashSet<>();
            for (String stem : bids.files().stream()
                    .flatMap(file -> file.stems().stream())
                    .collect(Collectors.toCollection(TreeSet::new))) {
                Image image = images.get(stem);
                if (image == null || image.review() == Decision.BLACKLISTED) {
                    continue;
                }
                // What is never measured never gets a verdict: field maps for example.
                Reason refusal = image.measured() || image.partial()
                        ? accept(rule, image).refusal()
                        : null;
                if (refusal == null) {
                    kept.add(stem);
                    if (rule.fieldMaps().contains(image.tag())) {
                        fieldMap(image);
                    }
                } else {
                    refusals.add(refusal);
                }
            }
            List<FileRef> inside = bids.files().stream()
                    .filter(file ->
                            file.stems().isEmpty() || file.stems().stream().anyMatch(kept::contains))
                    .map(BidsContent.Entry::file)
                    .sorted(Comparator.comparing(FileRef::path))
                    .toList();
            if (kept.isEmpty() && refusals.isEmpty()) {
                refusals.add(new Reason(
                        "no-input",
                        "No image of the session in its BIDS dataset may enter",
                        "Undo the review if an image was blacklisted wrongly, or rescan"));
            }
            sets.put(id, new InputSet(Optional.of(bids.folder()), inside));
        }

        private String label(PipelineRule.Label label) {
            DatmanId id = DatmanIds.parse(session.sessionName());
            return switch (label) {
                case NAME -> session.sessionName();
                case SUBJECT -> id.fullSubject();
                case BIDS_SUBJECT -> id.bidsSubject();
                case BIDS_SESSION -> id.bidsSession();
            };
        }
    }

    private static Choice choose(PipelineRule rule, String tag, SessionFacts session) {
        TagFile wanted = rule.files(tag).get(0);
        List<Image> all = session.images().stream()
                .filter(image -> image.tag().equals(tag))
                .sorted(Comparator.comparing(Image::stem))
                .toList();
        List<Image> usable = all.stream()
                .filter(image -> image.review() != Decision.BLACKLISTED)
                .toList();
        if (usable.isEmpty() && wanted.optional()) {
            return Choice.WITHOUT;
        }
        if (all.isEmpty()) {
            return Choice.no("no-input", "There is no " + tag + " yet", "");
        }
        if (usable.isEmpty()) {
            return Choice.no(
                    "blacklisted",
                    "Every " + tag + " was blacklisted: " + stems(all),
                    "Undo the review if that was wrong, or rescan");
        }
        if (wanted.all()) {
            return all(rule, tag, wanted.atLeast(), usable);
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

    private static Choice all(PipelineRule rule, String tag, int atLeast, List<Image> usable) {
        if (usable.size() < atLeast) {
            return Choice.no(
                    "too-few-inputs",
                    "Of " + tag + " there are " + usable.size() + " usable images; " + rule.name() + " needs " + atLeast
                            + ": " + stems(usable),
                    "Undo the review if that was wrong, or rescan");
        }
        List<Reason> refused = usable.stream()
                .flatMap(image -> Stream.ofNullable(accept(rule, image).refusal()))
                .toList();
        return new Choice(refused.isEmpty() ? usable : List.of(), refused.isEmpty() ? null : together(refused));
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
        if (rule.since() != null && session.date() == null) {
            return Optional.of(new Reason(
                    "no-date",
                    "XNAT has no date of this session, and " + rule.name() + " is for sessions since " + rule.since(),
                    "Enter the date of the session on XNAT"));
        }
        if (rule.signedOff() && !session.signedOff()) {
            return Optional.of(new Reason(
                    "not-signed-off",
                    "No person has signed the session off as it is now",
                    "Look at it, then sign the session off"));
        }
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
