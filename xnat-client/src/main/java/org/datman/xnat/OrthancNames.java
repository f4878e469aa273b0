package org.datman.xnat;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.List;
import java.util.Optional;

/**
 * How the studies of an Orthanc are named, by elements that Orthanc lists of each study.
 *
 * @param project the element in which the project is looked for
 * @param pattern finds it there: its first group, or all that it matches
 * @param label the element that is the label of the session
 * @param subject the element that is the label of the subject
 */
public record OrthancNames(String project, Pattern pattern, String label, String subject) {

    /** Those that Orthanc has at hand for every study, without reading a file. */
    private static final List<String> ELEMENTS = List.of(
            "AccessionNumber",
            "InstitutionName",
            "PatientID",
            "PatientName",
            "RequestedProcedureDescription",
            "StudyDescription",
            "StudyID");

    /** As {@link OrthancSettings} has them. */
    public static final OrthancNames DEFAULT = of("PatientID", "^([^_]+)_", "PatientID", "PatientID");

    public OrthancNames {
        for (String element : List.of(project, label, subject)) {
            if (!ELEMENTS.contains(element)) {
                throw new IllegalArgumentException("datman.orthanc names the element '" + element
                        + "'; Orthanc lists only these of a study: " + String.join(", ", ELEMENTS));
            }
        }
    }

    /**
     * Names by texts.
     *
     * @throws IllegalArgumentException when an element is not listed by Orthanc, or the pattern cannot be read
     */
    public static OrthancNames of(String project, String pattern, String label, String subject) {
        try {
            return new OrthancNames(project, Pattern.compile(pattern), label, subject);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException("datman.orthanc.project-pattern cannot be read: " + e.getMessage(), e);
        }
    }

    /** As the settings of a service say. */
    public static OrthancNames of(OrthancSettings settings) {
        return of(settings.project(), settings.projectPattern(), settings.label(), settings.subject());
    }

    /** The project of a study; empty when it belongs to none. */
    Optional<String> projectOf(JsonNode study) {
        Matcher found = pattern.matcher(element(study, project));
        if (!found.find()) {
            return Optional.empty();
        }
        String name = found.groupCount() == 0 ? found.group() : found.group(1);
        return Optional.ofNullable(name).map(String::strip).filter(text -> !text.isEmpty());
    }

    String labelOf(JsonNode study) {
        return element(study, label);
    }

    String subjectOf(JsonNode study) {
        return element(study, subject);
    }

    /** Empty when the study has none. */
    private static String element(JsonNode study, String name) {
        String ofStudy = XnatJson.text(study.path("MainDicomTags"), name);
        return ofStudy.isEmpty() ? XnatJson.text(study.path("PatientMainDicomTags"), name) : ofStudy;
    }
}
