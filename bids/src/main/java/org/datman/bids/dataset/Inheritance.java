package org.datman.bids.dataset;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which files are about another: those with its suffix and no entity that it has not, in its folder and the folders above (BIDS inheritance principle). */
public final class Inheritance {

    private Inheritance() {}

    /**
     * What to look for.
     *
     * @param suffix that of the file itself if null
     * @param extraEntities which the wanted may have beside those of the file; several may be found in a folder then
     * @param inherit whether folders above are searched
     * @param nearest whether the first folder with a result is enough
     */
    public record Wanted(
            @Nullable String suffix,
            List<String> extensions,
            List<String> extraEntities,
            boolean inherit,
            boolean nearest) {

        static final Wanted SIDECARS = new Wanted(null, List.of(".json"), List.of(), true, false);
    }

    /**
     * What was found, nearest folder first.
     *
     * @param ambiguous files of one folder of which none is the nearest; the search stopped there
     */
    public record Found(List<List<DatasetFile>> files, List<DatasetFile> ambiguous) {

        /** All files that were looked at as a result. */
        public List<DatasetFile> all() {
            return files.stream().flatMap(List::stream).toList();
        }
    }

    /** The sidecars of a file. */
    public static Found sidecars(DatasetFile file) {
        return search(file, Wanted.SIDECARS);
    }

    public static Found search(DatasetFile file, Wanted wanted) {
        Map<String, String> entities = file.parts().entities();
        String suffix = Objects.requireNonNullElse(wanted.suffix(), file.parts().suffix());
        List<List<DatasetFile>> found = new ArrayList<>();
        for (Optional<Folder> at = Optional.of(file.folder());
                at.isPresent();
                at = at.get().parent()) {
            List<DatasetFile> candidates = at.get().files().stream()
                    .filter(other -> isAbout(other.parts(), entities, suffix, wanted))
                    .toList();
            if (candidates.size() > 1) {
                Optional<DatasetFile> exact = candidates.stream()
                        .filter(other -> isExact(other.parts().entities(), entities, wanted))
                        .findFirst();
                if (exact.isEmpty() && wanted.extraEntities().isEmpty()) {
                    return new Found(found, candidates);
                }
                candidates = exact.map(List::of).orElse(candidates);
            }
            if (!candidates.isEmpty()) {
                found.add(candidates);
            }
            if (!wanted.inherit() || wanted.nearest() && !found.isEmpty()) {
                break;
            }
        }
        return new Found(found, List.of());
    }

    private static boolean isAbout(BidsFileName other, Map<String, String> entities, String suffix, Wanted wanted) {
        return other.suffix().equals(suffix)
                && wanted.extensions().contains(other.extension())
                && other.entities().entrySet().stream()
                        .allMatch(entity -> entity.getValue().equals(entities.get(entity.getKey()))
                                || wanted.extraEntities().contains(entity.getKey()));
    }

    private static boolean isExact(Map<String, String> other, Map<String, String> entities, Wanted wanted) {
        return entities.entrySet().stream().allMatch(entity -> entity.getValue().equals(other.get(entity.getKey())))
                && wanted.extraEntities().stream()
                        .allMatch(entity -> Objects.equals(other.get(entity), entities.get(entity)));
    }

    /** The metadata of a file: what its sidecars say together, the nearest first. */
    public static Map<String, Object> metadata(List<Map<String, Object>> sidecars) {
        Map<String, Object> merged = new LinkedHashMap<>();
        sidecars.forEach(sidecar -> sidecar.forEach(merged::putIfAbsent));
        return merged;
    }
}
