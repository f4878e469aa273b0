package org.datman.imaging.deidentification;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.datman.imaging.dicom.DicomDataset;
import org.datman.imaging.dicom.DicomElement;
import org.datman.imaging.dicom.Dictionary;
import org.datman.imaging.dicom.Vr;

/**
 * The names and ids of persons in a header, in lower case without accents: no text that leaves may contain them.
 *
 * @param words parts of names, three letters and longer
 * @param ids of the person and the study, and parts of names with digits, four characters and longer
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
        Stream<String> withDigits = elements(header).stream()
                .flatMap(element -> element.strings().stream())
                .flatMap(PersonalNames::parts)
                .filter(part -> part.chars().anyMatch(Character::isDigit));
        Stream<String> stated = IDS.stream().flatMap(keyword -> header.strings(keyword).stream());
        Stream.concat(stated, withDigits)
                .map(PersonalNames::folded)
                .filter(id -> id.length() >= SHORTEST_ID)
                .forEach(ids::add);
        return new PersonalNames(words, ids);
    }

    /** Whether a text contains one of them; a number only as a whole word, because it stands in many other numbers. */
    public boolean in(String text) {
        String folded = folded(text);
        return ids.stream().anyMatch(id -> stands(folded, id)) || hasName(folded);
    }

    /** Whether a text about the scanner contains a name; its versions and serial numbers are numbers as ids are. */
    public boolean nameIn(String text) {
        return hasName(folded(text));
    }

    private boolean hasName(String folded) {
        return words(folded).stream().anyMatch(words::contains);
    }

    private static boolean stands(String text, String id) {
        if (!id.chars().allMatch(Character::isDigit)) {
            return text.contains(id);
        }
        for (int at = text.indexOf(id); at >= 0; at = text.indexOf(id, at + 1)) {
            int end = at + id.length();
            boolean starts = at == 0 || !Character.isLetterOrDigit(text.charAt(at - 1));
            boolean ends = end == text.length() || !Character.isLetterOrDigit(text.charAt(end));
            if (starts && ends) {
                return true;
            }
        }
        return false;
    }

    /** All elements of the kind "person name". */
    static List<DicomElement> elements(DicomDataset header) {
        List<DicomElement> elements = new ArrayList<>();
        collect(header, elements, 0);
        return elements;
    }

    private static void collect(DicomDataset dataset, List<DicomElement> elements, int depth) {
        for (DicomElement element : dataset) {
            if (vr(element) == Vr.PN) {
                elements.add(element);
            }
            if (depth < DEEPEST && element.items().size() <= MOST_ITEMS) {
                element.items().forEach(item -> collect(item, elements, depth + 1));
            }
        }
    }

    /** The VR; by the dictionary where a system that did not know the element stored it as UN. */
    static Vr vr(DicomElement element) {
        return element.vr() == Vr.UN ? Dictionary.vr(element.tag()).orElse(Vr.UN) : element.vr();
    }

    private static String folded(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFD)
                .replaceAll("\\p{M}", "")
                .strip()
                .toLowerCase(Locale.ROOT);
    }

    /** The parts of a name as written, with their digits. */
    static Stream<String> parts(String name) {
        return Arrays.stream(name.split("[\\^= ]+"));
    }

    /** The words of a text that are long enough to be a name. */
    static List<String> words(String text) {
        return Arrays.stream(text.split("[^\\p{L}]+"))
                .filter(word -> word.length() >= SHORTEST_WORD)
                .toList();
    }
}
