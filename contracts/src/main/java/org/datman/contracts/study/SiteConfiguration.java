package org.datman.contracts.study;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A site of a study with all its settings.
 *
 * @param studyCodes the study codes that this site's identifiers may begin with
 * @param xnatProjects the XNAT projects that this site's sessions come to
 * @param tags the tags that are expected at this site, in order of their names
 */
public record SiteConfiguration(
        String code,
        Set<String> studyCodes,
        Set<String> xnatProjects,
        Map<String, TagRule> tags,
        List<IgnoreRule> ignore) {

    public SiteConfiguration {
        studyCodes = Set.copyOf(studyCodes);
        xnatProjects = Set.copyOf(xnatProjects);
        tags = Collections.unmodifiableMap(new TreeMap<>(tags));
        ignore = List.copyOf(ignore);
    }
}
