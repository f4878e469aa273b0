package org.datman.imaging.dicom;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Data elements in ascending order of their tags. A request for an absent element returns an empty result; a keyword that DICOM
 * does not have causes an {@link IllegalArgumentException}.
 */
public final class DicomDataset implements Iterable<DicomElement> {

    private static final Comparator<DicomElement> BY_TAG = (a, b) -> Integer.compareUnsigned(a.tag(), b.tag());

    private final List<DicomElement> elements;

    private DicomDataset(List<DicomElement> elements) {
        this.elements = Collections.unmodifiableList(elements);
    }

    /**
     * Orders elements as they came from a file. Of several with the same tag the first is kept.
     *
     * @param elements in file order; owned by the data set afterwards
     * @param repeated receives the tags that came more than once
     */
    static DicomDataset ofFile(ArrayList<DicomElement> elements, List<Integer> repeated) {
        boolean ascending = true;
        for (int i = 1; i < elements.size(); i++) {
            ascending &= BY_TAG.compare(elements.get(i - 1), elements.get(i)) < 0;
        }
        if (!ascending) {
            elements.sort(BY_TAG);
            Set<Integer> seen = new HashSet<>();
            elements.removeIf(element -> {
                boolean again = !seen.add(element.tag());
                if (again) {
                    repeated.add(element.tag());
                }
                return again;
            });
        }
        elements.trimToSize();
        return new DicomDataset(elements);
    }

    /** A builder for new data sets. */
    public static DicomDatasetBuilder builder() {
        return new DicomDatasetBuilder();
    }

    /** The element with this tag. */
    public Optional<DicomElement> element(int tag) {
        int low = 0;
        int high = elements.size() - 1;
        while (low <= high) {
            int mid = (low + high) >>> 1;
            int order = Integer.compareUnsigned(elements.get(mid).tag(), tag);
            if (order == 0) {
                return Optional.of(elements.get(mid));
            }
            if (order < 0) {
                low = mid + 1;
            } else {
                high = mid - 1;
            }
        }
        return Optional.empty();
    }

    /** The element with this keyword, for example {@code SeriesDescription}. */
    public Optional<DicomElement> element(String keyword) {
        return element(Dictionary.tagOf(keyword));
    }

    /** Whether the element is there, even if without a value. */
    public boolean contains(int tag) {
        return element(tag).isPresent();
    }

    /** First value as text; see {@link DicomElement#string()}. */
    public Optional<String> string(int tag) {
        return element(tag).flatMap(DicomElement::string);
    }

    /** First value as text; see {@link DicomElement#string()}. */
    public Optional<String> string(String keyword) {
        return string(Dictionary.tagOf(keyword));
    }

    /** All values as text; see {@link DicomElement#strings()}. */
    public List<String> strings(int tag) {
        return element(tag).map(DicomElement::strings).orElse(List.of());
    }

    /** All values as text; see {@link DicomElement#strings()}. */
    public List<String> strings(String keyword) {
        return strings(Dictionary.tagOf(keyword));
    }

    /** All values as numbers; see {@link DicomElement#doubles()}. */
    public double[] doubles(int tag) {
        return element(tag).map(DicomElement::doubles).orElseGet(() -> new double[0]);
    }

    /** All values as numbers; see {@link DicomElement#doubles()}. */
    public double[] doubles(String keyword) {
        return doubles(Dictionary.tagOf(keyword));
    }

    /** First value as a number; empty if there is none or it is not a number. */
    public OptionalDouble number(int tag) {
        double[] all = doubles(tag);
        return all.length == 0 || Double.isNaN(all[0]) ? OptionalDouble.empty() : OptionalDouble.of(all[0]);
    }

    /** First value as a number; empty if there is none or it is not a number. */
    public OptionalDouble number(String keyword) {
        return number(Dictionary.tagOf(keyword));
    }

    /** All values as whole numbers; see {@link DicomElement#ints()}. */
    public int[] ints(int tag) {
        return element(tag).map(DicomElement::ints).orElseGet(() -> new int[0]);
    }

    /** All values as whole numbers; see {@link DicomElement#ints()}. */
    public int[] ints(String keyword) {
        return ints(Dictionary.tagOf(keyword));
    }

    /** First value as a whole number; empty if there is none. */
    public OptionalInt integer(String keyword) {
        int[] all = ints(keyword);
        return all.length == 0 ? OptionalInt.empty() : OptionalInt.of(all[0]);
    }

    /** Nested data sets. */
    public List<DicomDataset> sequence(int tag) {
        return element(tag).map(DicomElement::items).orElse(List.of());
    }

    /** Nested data sets. */
    public List<DicomDataset> sequence(String keyword) {
        return sequence(Dictionary.tagOf(keyword));
    }

    /**
     * The tag that a manufacturer's element has in this data set, where its creator may have reserved any block.
     *
     * @param group odd group number
     * @param creator private creator, for example {@code SIEMENS CSA HEADER}
     * @param elementByte the last two hex digits of the element number
     */
    public OptionalInt privateTag(int group, String creator, int elementByte) {
        int last = Tag.of(group, 0xff);
        // The creators that are there, not all possible ones: this is called several times for every image of a series.
        for (int i = firstFrom(Tag.of(group, 0x10)); i < elements.size(); i++) {
            DicomElement reserved = elements.get(i);
            if (Integer.compareUnsigned(reserved.tag(), last) > 0) {
                break;
            }
            if (reserved.string().filter(creator::equals).isPresent()) {
                int tag = Tag.of(group, (reserved.tag() & 0xff) << 8 | elementByte & 0xff);
                if (contains(tag)) {
                    return OptionalInt.of(tag);
                }
            }
        }
        return OptionalInt.empty();
    }

    /** Place of the first element whose tag is not below this one. */
    private int firstFrom(int tag) {
        int low = 0;
        int high = elements.size();
        while (low < high) {
            int mid = (low + high) >>> 1;
            if (Integer.compareUnsigned(elements.get(mid).tag(), tag) < 0) {
                low = mid + 1;
            } else {
                high = mid;
            }
        }
        return low;
    }

    /** A manufacturer's element; see {@link #privateTag(int, String, int)}. */
    public Optional<DicomElement> privateElement(int group, String creator, int elementByte) {
        OptionalInt tag = privateTag(group, creator, elementByte);
        return tag.isPresent() ? element(tag.getAsInt()) : Optional.empty();
    }

    /**
     * The element where classic and enhanced objects keep it: at the top, else in the shared functional groups, else in those of the
     * first frame, at any depth of their first items.
     */
    public Optional<DicomElement> findFirst(int tag) {
        return element(tag)
                .or(() -> inFirstItem(Tag.SHARED_FUNCTIONAL_GROUPS, tag))
                .or(() -> inFirstItem(Tag.PER_FRAME_FUNCTIONAL_GROUPS, tag));
    }

    /** See {@link #findFirst(int)}. */
    public Optional<DicomElement> findFirst(String keyword) {
        return findFirst(Dictionary.tagOf(keyword));
    }

    private Optional<DicomElement> inFirstItem(int sequenceTag, int tag) {
        List<DicomDataset> items = sequence(sequenceTag);
        return items.isEmpty() ? Optional.empty() : items.get(0).deepFirst(tag);
    }

    private Optional<DicomElement> deepFirst(int tag) {
        Optional<DicomElement> here = element(tag);
        if (here.isPresent()) {
            return here;
        }
        for (DicomElement element : elements) {
            if (!element.items().isEmpty()) {
                Optional<DicomElement> below = element.items().get(0).deepFirst(tag);
                if (below.isPresent()) {
                    return below;
                }
            }
        }
        return Optional.empty();
    }

    /** Number of elements, not counting nested ones. */
    public int size() {
        return elements.size();
    }

    /** The elements in ascending order of their tags; cannot be changed. */
    @Override
    public Iterator<DicomElement> iterator() {
        return elements.iterator();
    }

    /** The number of elements only: values may be personal. */
    @Override
    public String toString() {
        return "DicomDataset[" + elements.size() + " elements]";
    }
}
