package org.datman.pipeline.request;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.InputSet;
import org.datman.contracts.event.PipelineAnswered;
import org.datman.contracts.event.Reason;
import org.datman.contracts.study.PipelineRule;
import org.datman.pipeline.boutiques.ManualTool;
import org.datman.pipeline.boutiques.Tool;
import org.datman.pipeline.run.Results;
import org.datman.pipeline.selection.Selection;
import org.datman.pipeline.selection.SessionFacts;

/**
 * A step that waits for a person. Pure.
 *
 * @param key identity of what the person looks at: an answer is of these bytes and no others
 * @param places where in the archive a person puts a corrected file, by the id of the input
 * @param files all files to look at: those that may be corrected first, in the order of their ids
 */
record ManualStep(String key, Map<String, String> places, List<FileRef> files) {

    private static final int DIGITS = 12;

    static ManualStep of(PipelineRule rule, Tool tool, SessionFacts session, Selection.Runnable runnable) {
        String key = ToolRunKey.of(
                tool.descriptor().name(),
                tool.descriptor().toolVersion(),
                tool.sha256(),
                runnable.labels(),
                runnable.inputs(),
                runnable.sets(),
                null);
        String folder = session.study() + "/corrected/" + Results.segment(session.sessionName()) + "/"
                + Results.segment(rule.name()) + "-" + key.substring(0, DIGITS) + "/";
        Map<String, String> places = new TreeMap<>();
        List<FileRef> files = new ArrayList<>();
        new TreeMap<>(runnable.inputs()).forEach((id, file) -> {
            places.put(id, folder + id + "/" + name(file));
            files.add(file);
        });
        new TreeMap<>(runnable.sets()).values().forEach(set -> files.addAll(set.files()));
        return new ManualStep(key, places, List.copyOf(files));
    }

    /** What a person is to do. */
    Reason reason(PipelineRule rule) {
        return new Reason(
                "manual-step",
                "It waits for a person: " + rule.manual(),
                places.isEmpty()
                        ? "Look at the files, then press 'Accept'"
                        : "Look at the files, then press 'Accept'; or put corrected files into the archive ("
                                + places.values().stream().sorted().collect(Collectors.joining(", "))
                                + ") and press 'Take corrected files'");
    }

    /** What the tool of the step gets: the files, those that were corrected in their place, and who answered. */
    static Selection.Runnable answered(Tool tool, PipelineAnswered answer, Selection.Runnable runnable) {
        Set<String> ids =
                tool.descriptor().inputs().stream().map(input -> input.id()).collect(Collectors.toSet());
        Map<String, FileRef> files = new HashMap<>();
        runnable.inputs()
                .forEach((id, file) ->
                        files.put(ManualTool.input(id), answer.corrected().getOrDefault(id, file)));
        Map<String, InputSet> sets = new HashMap<>();
        Map<String, String> labels = new HashMap<>(Map.of(PipelineAnswered.INPUT, answer.asInput()));
        runnable.sets().forEach((id, set) -> {
            // Datasets, and lists of images, are looked at only.
            if (ids.contains(ManualTool.input(id))) {
                sets.put(ManualTool.input(id), set);
                if (set.folder().isEmpty()) {
                    labels.put(
                            ManualTool.numberOf(id),
                            Integer.toString(set.files().size()));
                }
            }
        });
        return new Selection.Runnable(files, sets, labels);
    }

    private static String name(FileRef file) {
        return file.path().substring(file.path().lastIndexOf('/') + 1);
    }
}
