package org.datman.bids.dataset;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The parts of a file name: {@code sub-01_task-rest_bold.nii.gz}.
 *
 * @param entities labels by short name, in the order of the name; {@link #NO_LABEL} where a part has no label
 * @param suffix {@code bold}; empty if there is none
 * @param extension from the first dot: {@code .nii.gz}
 */
public record BidsFileName(Map<String, String> entities, String suffix, String extension) {

    public static final String NO_LABEL = "NOENTITY";

    private static final Pattern ENTITY = Pattern.compile("(.*?)-(.+)");
    private static final Pattern SUFFIX = Pattern.compile("[a-zA-Z0-9]+");

    public static BidsFileName parse(String name) {
        int dot = name.indexOf('.');
        String stem = dot < 0 ? name : name.substring(0, dot);
        String[] parts = stem.split("_", -1);
        Map<String, String> entities = new LinkedHashMap<>();
        String last = parts[parts.length - 1];
        boolean hasSuffix = parts.length > 1 || SUFFIX.matcher(last).matches();
        for (int i = 0; i < (hasSuffix ? parts.length - 1 : parts.length); i++) {
            Matcher entity = ENTITY.matcher(parts[i]);
            if (entity.matches()) {
                entities.put(entity.group(1), entity.group(2));
            } else {
                entities.put(parts[i], NO_LABEL);
            }
        }
        return new BidsFileName(entities, hasSuffix ? last : "", dot < 0 ? "" : name.substring(dot));
    }
}
