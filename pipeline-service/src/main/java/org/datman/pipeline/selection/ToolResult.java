package org.datman.pipeline.selection;

import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.event.InputSet;

/** What a pipeline of a session has for those that get its outputs. */
public sealed interface ToolResult {

    /**
     * A result of what the session has now.
     *
     * @param tool name and version of the tool
     * @param places where in the archive each output is, by its id: a file, a folder, or a path with wildcards
     * @param files all outputs
     */
    record Current(String tool, Map<String, String> places, List<FileRef> files) implements ToolResult {

        public Current {
            places = Map.copyOf(places);
            files = List.copyOf(files);
        }

        /** The folder of the run in the archive. */
        public Optional<String> folder() {
            return files.stream()
                    .filter(file -> file.role() == FileRole.PROVENANCE)
                    .map(file -> file.path().substring(0, file.path().lastIndexOf('/')))
                    .findFirst();
        }

        /** An output that is one file. */
        Optional<FileRef> file(String output) {
            return Optional.ofNullable(places.get(output)).flatMap(place -> files.stream()
                    .filter(file -> file.path().equals(place))
                    .findFirst());
        }

        /** An output that is a folder or several files; empty when there is no file of it. */
        Optional<InputSet> set(String output) {
            String place = places.get(output);
            if (place == null) {
                return Optional.empty();
            }
            String folder = place.endsWith("/") ? place.substring(0, place.length() - 1) : place;
            // The value of an input may bring a wildcard into the name of one file or folder: what has that very name
            // is meant.
            boolean pattern = (place.indexOf('*') >= 0 || place.indexOf('?') >= 0)
                    && files.stream()
                            .noneMatch(file ->
                                    file.path().equals(place) || file.path().startsWith(folder + "/"));
            PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + place);
            List<FileRef> inside = files.stream()
                    .filter(file -> pattern
                            ? matcher.matches(Path.of(file.path()))
                            : file.path().startsWith(folder + "/"))
                    .toList();
            return inside.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new InputSet(pattern ? Optional.empty() : Optional.of(folder), inside));
        }
    }

    /**
     * None now.
     *
     * @param why as words that go on after the name of the pipeline: {@code is running}
     * @param starts whether it would start now, of a preview: what waits for it alone follows by itself
     */
    record Pending(String why, boolean starts) implements ToolResult {

        public Pending(String why) {
            this(why, false);
        }
    }
}
