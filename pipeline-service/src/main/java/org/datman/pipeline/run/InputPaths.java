package org.datman.pipeline.run;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.event.InputSet;
import org.datman.contracts.event.PipelineRequested;

/**
 * Where the inputs of a run are in its folder. Pure.
 *
 * @param values paths as the tool sees them, by the id of its input: one, or those of a list
 * @param files each file by its path
 */
record InputPaths(Map<String, List<String>> values, Map<String, FileRef> files) {

    private static final String FOLDER = "inputs/";
    private static final int ABOVE_SESSION = 3;

    InputPaths {
        values = Map.copyOf(values);
        files = Map.copyOf(files);
    }

    /**
     * Files of series are together in {@code inputs/}, as some tools look for one beside the other; what has names of another tool, and what is
     * several files, has a folder of its own, {@code inputs/<id>/}.
     *
     * @throws Workspace.InputException when two files would have one path
     */
    static InputPaths of(PipelineRequested run) throws Workspace.InputException {
        Map<String, List<String>> values = new HashMap<>();
        Map<String, FileRef> files = new LinkedHashMap<>();
        for (Map.Entry<String, FileRef> input : run.inputs().entrySet()) {
            FileRef file = input.getValue();
            String path = file.role() == FileRole.RESOURCE
                    ? folder(input.getKey()) + "/" + inSession(file)
                    : (file.role() == FileRole.OUTPUT ? folder(input.getKey()) + "/" : FOLDER) + name(file);
            put(files, path, file);
            values.put(input.getKey(), List.of(path));
        }
        for (Map.Entry<String, InputSet> input : run.sets().orElse(Map.of()).entrySet()) {
            InputSet set = input.getValue();
            String own = folder(input.getKey());
            Function<FileRef, String> place =
                    file -> own + "/" + (file.role() == FileRole.RESOURCE ? inSession(file) : set.pathOf(file));
            for (FileRef file : set.files()) {
                put(files, place.apply(file), file);
            }
            values.put(
                    input.getKey(),
                    set.folder().isPresent()
                            ? List.of(own)
                            : set.files().stream().map(place).toList());
        }
        return new InputPaths(values, files);
    }

    /** The folder of an input that has one of its own. */
    static String folder(String id) {
        return FOLDER + Results.segment(id);
    }

    private static void put(Map<String, FileRef> files, String path, FileRef file) throws Workspace.InputException {
        FileRef other = files.putIfAbsent(path, file);
        if (other != null && !Objects.equals(other.path(), file.path())) {
            throw new Workspace.InputException(
                    "inputs-of-one-name",
                    file.path() + " and " + other.path() + " have the same name and cannot be in one folder",
                    "Let the rule of the pipeline use only one of them");
        }
    }

    /** Associated files keep their folders, in which equal names are usual: {@code STUDY/resources/SESSION/} is before them. */
    private static String inSession(FileRef file) {
        String[] parts = file.path().split("/", ABOVE_SESSION + 1);
        return parts.length > ABOVE_SESSION ? parts[ABOVE_SESSION] : name(file);
    }

    private static String name(FileRef file) {
        return file.path().substring(file.path().lastIndexOf('/') + 1);
    }
}
