package org.datman.pipeline.run;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.InputSet;
import org.datman.contracts.event.PipelineRequested;
import org.jspecify.annotations.Nullable;

/** What makes two runs of a pipeline different. Pure. */
final class RunChanges {

    private RunChanges() {}

    /** What of the identity of a run has changed, as sentences in the order tool, image, parameters, inputs. */
    static List<String> between(PipelineRequested before, PipelineRequested after) {
        List<String> changes = new ArrayList<>();
        if (!before.tool().equals(after.tool())) {
            changes.add("The tool was " + before.tool() + " and is " + after.tool());
        }
        if (!before.toolVersion().equals(after.toolVersion())) {
            changes.add("The version of " + after.tool() + " was " + before.toolVersion() + " and is "
                    + after.toolVersion());
        } else if (!before.descriptorSha256().equals(after.descriptorSha256())) {
            changes.add("The descriptor or a file of " + after.tool() + " was changed");
        }
        if (!before.image().equals(after.image())) {
            changes.add("The container image was " + before.image().orElse("none") + " and is "
                    + after.image().orElse("none"));
        }
        for (String id : keys(before.parameters(), after.parameters())) {
            String was = before.parameters().get(id);
            String is = after.parameters().get(id);
            if (!Objects.equals(was, is)) {
                changes.add("Parameter " + id + " " + (was == null ? "had no value" : "was " + was) + " and "
                        + (is == null ? "has none" : "is " + is));
            }
        }
        for (String id : keys(before.inputs(), after.inputs())) {
            FileRef was = before.inputs().get(id);
            FileRef is = after.inputs().get(id);
            if (was == null || is == null || !was.sha256().equals(is.sha256())) {
                changes.add(file(id, was, is));
            }
        }
        Map<String, InputSet> setsBefore = before.sets().orElse(Map.of());
        Map<String, InputSet> setsAfter = after.sets().orElse(Map.of());
        for (String id : keys(setsBefore, setsAfter)) {
            set(id, setsBefore.get(id), setsAfter.get(id), changes);
        }
        return List.copyOf(changes);
    }

    private static String file(String id, @Nullable FileRef was, @Nullable FileRef is) {
        if (was == null) {
            return "Input " + id + " was not there and is " + name(Objects.requireNonNull(is));
        }
        if (is == null) {
            return "Input " + id + " was " + name(was) + " and is not there";
        }
        return name(was).equals(name(is))
                ? "Input " + id + " (" + name(is) + ") has other bytes"
                : "Input " + id + " was " + name(was) + " and is " + name(is);
    }

    private static void set(String id, @Nullable InputSet was, @Nullable InputSet is, List<String> changes) {
        Map<String, String> before = digests(was);
        Map<String, String> after = digests(is);
        if (before.equals(after)) {
            return;
        }
        int added = 0;
        int removed = 0;
        int changed = 0;
        for (String path : keys(before, after)) {
            String old = before.get(path);
            String now = after.get(path);
            added += old == null ? 1 : 0;
            removed += now == null ? 1 : 0;
            changed += old != null && now != null && !old.equals(now) ? 1 : 0;
        }
        changes.add(
                "Of input " + id + ", files added " + added + ", removed " + removed + ", with other bytes " + changed);
    }

    private static Map<String, String> digests(@Nullable InputSet set) {
        Map<String, String> digests = new HashMap<>();
        if (set != null) {
            set.files().forEach(file -> digests.put(set.pathOf(file), file.sha256()));
        }
        return digests;
    }

    private static String name(FileRef file) {
        return file.path().substring(file.path().lastIndexOf('/') + 1);
    }

    private static <V> Set<String> keys(Map<String, V> before, Map<String, V> after) {
        Set<String> keys = new TreeSet<>(before.keySet());
        keys.addAll(after.keySet());
        return keys;
    }
}
