package org.datman.imaging.deidentification;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.datman.imaging.dicom.DicomDataset;
import org.datman.imaging.dicom.DicomElement;
import org.datman.imaging.dicom.Vr;

/**
 * The names and ids of persons in a header, in lower case without accents: no text that leaves may contain them.
 *
 * @param words parts of names, three letters and longer
 * @param ids of the person and the study, four characters and longer
 */
public record PersonalNames(Set<String> words, Set<String> ids) {

    /** No names. */
    public static final PersonalNames NONE = new PersonalNames(Set.of(), Set.of());

    /** Elements that identify the person or the examination, beside the names. */
    static final List<String> IDS =
            List.of("PatientID", "OtherPatientIDs", "PatientBirthDate", "AccessionNumber", "StudyID");

    static final int SHORTEST_WORD = 3;
    static final int SHORTEST_ID = 4;
    private static final int DEEPEST = 3;
    private static final int MOST_ITEMS = 8;

    /** The names and ids of a header. Every element of the kind "person name" counts, private and nested ones too. */
    public static PersonalNames of(DicomDataset header) {
        Set<String> words = new HashSet<>();
        Set<String> ids = new HashSet<>();
        elements(header).stream()
                .flatMap(element -> element.strings().stream())
                .forEach(name -> words.addAll(words(folded(name))));
        IDS.stream()
                .flatMap(keyword -> header.strings(keyword).stream())
                .map(PersonalNames::folded)
                .filter(id -> id.length() >= SHORTEST_ID)
                .forEach(ids::add);
        return new PersonalNames(words, ids);
    }

    /** Whether a text contains one of them. */
    public boolean in(String text) {
        String folded = folded(text);
        return ids.stream().anyMatch(folded::contains) || words(folded).stream().anyMatch(words::contains);
    }

    /** All elements of the kind "person name". */
    static List<DicomElement> elements(DicomDataset header) {
        List<DicomElement> elements = new ArrayList<>();
        collect(header, elements, 0);
        return elements;
    }

    private static void collect(DicomDataset dataset, List<DicomElement> elements, int depth) {
        for (DicomElement element : dataset) {
            if (element.vr() == Vr.PN) {
                elements.add(element);
            }
            if (depth < DEEPEST && element.items().size() <= MOST_ITEMS) {
                element.items().forEach(item -> collect(item, elements, depth + 1));
            }
        }
    }

    private static String folded(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFD)
                .replaceAll("\\p{M}", "")
                .strip()
                .toLowerCase(Locale.ROOT);
    }

    /** The words of a text that are long enough to be a name. */
    static List<String> words(String text) {
        return Arrays.stream(text.split("[^\\p{L}]+"))
                .filter(word -> word.length() >= SHORTEST_WORD)
                .toList();
    }
}
