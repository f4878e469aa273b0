package org.datman.imaging.dicom;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.datman.imaging.ImageFormatException;
import org.jspecify.annotations.Nullable;

/**
 * Parses data sets of any depth from a {@link ByteSource}. Every length is checked against what encloses it before it is used, depth and
 * memory are bounded, and each step consumes input, so any input ends.
 */
final class DatasetParser {

    /** Position of an end that only a delimiter or the end of the file marks. */
    private static final long OPEN_END = Long.MAX_VALUE;

    /** Rough memory of an element and of a data set beside its values, bytes. */
    private static final int ELEMENT_COST = 96;

    private static final String CORRUPT = "the file is corrupt or was cut; fetch it again from the scanner or archive";
    private static final int MAX_REMARKS = 20;

    private final ByteSource source;
    private final ReadOptions options;
    private final Shared shared;

    /** What nested parsers share: memory used and remarks so far. */
    private static final class Shared {
        private final List<String> remarks;
        private long memory;
        private boolean signedPixels;

        private Shared(List<String> remarks) {
            this.remarks = remarks;
        }
    }

    DatasetParser(ByteSource source, ReadOptions options, List<String> remarks) {
        this(source, options, new Shared(remarks));
    }

    private DatasetParser(ByteSource source, ReadOptions options, Shared shared) {
        this.source = source;
        this.options = options;
        this.shared = shared;
    }

    /** Group 0002, if it is there; always explicit VR little endian. */
    DicomDataset fileMeta() throws IOException {
        ArrayList<DicomElement> elements = new ArrayList<>();
        Scope scope = new Scope(TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN, source.size(), false, 0);
        while (source.has(8) && Tag.group(source.peekTag(false)) == 2) {
            int tag = source.tag(false, "file meta information");
            elements.add(element(tag, scope, CharacterSets.DEFAULT));
        }
        return finish(elements);
    }

    /** The top-level data set, to the pixel data or to the end of the file. */
    DicomDataset dataset(TransferSyntax syntax) throws IOException {
        return dataset(new Scope(syntax, source.size(), false, 0), CharacterSets.DEFAULT);
    }

    /**
     * What encloses the elements being read.
     *
     * @param end position where it ends, {@link #OPEN_END} if unknown
     * @param delimited whether an item delimiter ends it
     * @param depth nesting, 0 at the top
     */
    private record Scope(TransferSyntax syntax, long end, boolean delimited, int depth) {

        private boolean bigEndian() {
            return syntax.bigEndian();
        }
    }

    private DicomDataset dataset(Scope scope, CharacterSets inherited) throws IOException {
        spend(ELEMENT_COST);
        ArrayList<DicomElement> elements = new ArrayList<>();
        CharacterSets characterSets = inherited;
        while (!atEnd(scope)) {
            long start = source.position();
            int tag = source.tag(scope.bigEndian(), "element");
            if (tag == Tag.ITEM_DELIMITATION && scope.delimited) {
                endOfItem(scope);
                break;
            }
            if (Tag.group(tag) == 0xfffe) {
                throw new ImageFormatException(
                        Tag.format(tag), start, "a delimiter stands where an element should", CORRUPT);
            }
            DicomElement element;
            if (scope.depth == 0 && Tag.isPixelData(tag)) {
                element = pixelData(tag, scope);
            } else {
                element = element(tag, scope, characterSets);
            }
            elements.add(element);
            if (tag == Tag.SPECIFIC_CHARACTER_SET) {
                characterSets = characterSets(element, inherited);
            } else if (tag == Tag.PIXEL_REPRESENTATION && element.ints().length > 0) {
                shared.signedPixels = element.ints()[0] == 1;
            }
            if (options.stopAtPixelData() && scope.depth == 0 && Tag.isPixelData(tag)) {
                break;
            }
        }
        return finish(elements);
    }

    private DicomDataset finish(ArrayList<DicomElement> elements) {
        List<Integer> repeated = new ArrayList<>();
        DicomDataset dataset = DicomDataset.ofFile(elements, repeated);
        for (int tag : repeated) {
            remark(Tag.format(tag) + " comes more than once in one data set; the first is used");
        }
        return dataset;
    }

    private void remark(String text) {
        if (shared.remarks.size() < MAX_REMARKS) {
            shared.remarks.add(text);
        }
    }

    private boolean atEnd(Scope scope) throws IOException {
        long left = scope.end == OPEN_END ? OPEN_END : scope.end - source.position();
        if (left == 0) {
            if (scope.delimited) {
                throw new ImageFormatException("item", source.position(), "ends without its delimiter", CORRUPT);
            }
            return true;
        }
        if (left < 8 || scope.depth == 0 && !source.has(8)) {
            if (scope.depth > 0 || source.has(8)) {
                throw new ImageFormatException(
                        "item", source.position(), "has " + left + " bytes left, too few for an element", CORRUPT);
            }
            return trailing();
        }
        return false;
    }

    /** Less than an element at the end of the file: padding if zero, else truncated. */
    private boolean trailing() throws IOException {
        long start = source.position();
        while (source.has(1)) {
            if (source.peek(0) != 0) {
                throw new ImageFormatException("element", start, "the file ends within it", CORRUPT);
            }
            source.skip(1, "padding");
        }
        if (source.position() > start) {
            remark("the file ends in " + (source.position() - start) + " padding bytes");
        }
        return true;
    }

    private void endOfItem(Scope scope) throws IOException {
        long length = source.unsignedInt(scope.bigEndian(), "item delimiter");
        if (length != 0) {
            throw new ImageFormatException(
                    "item delimiter", source.position() - 4, "has length " + length + " instead of 0", CORRUPT);
        }
    }

    private CharacterSets characterSets(DicomElement element, CharacterSets inherited) {
        CharacterSets named = CharacterSets.of(element.strings());
        if (named == null) {
            remark("SpecificCharacterSet is none of the defined ones; text is read as Latin-1");
            return inherited;
        }
        return named;
    }

    private record Start(Vr vr, long length) {}

    private Start start(int tag, Scope scope) throws IOException {
        String where = Tag.format(tag);
        if (!scope.syntax.explicitVr()) {
            return new Start(
                    Dictionary.implicitVr(tag, shared.signedPixels), source.unsignedInt(scope.bigEndian(), where));
        }
        long at = source.position();
        if (!source.has(2)) {
            source.skip(2, where);
        }
        int first = source.peek(0);
        int second = source.peek(1);
        source.skip(2, where);
        Vr vr = Vr.ofCode(first << 8 | second);
        if (vr == null) {
            if (!isLetter(first) || !isLetter(second)) {
                throw new ImageFormatException(
                        where,
                        at,
                        String.format("the VR bytes %02X %02X are no letters", first, second),
                        "the data set is not in the transfer syntax that the file names, or a length before is wrong");
            }
            remark(where + " has an unknown VR; it is kept as UN");
            vr = Vr.UN;
        }
        if (!vr.longLength()) {
            return new Start(vr, source.unsignedShort(scope.bigEndian(), where));
        }
        source.skip(2, where);
        return new Start(vr, source.unsignedInt(scope.bigEndian(), where));
    }

    private static boolean isLetter(int value) {
        return value >= 'A' && value <= 'Z';
    }

    private DicomElement element(int tag, Scope scope, CharacterSets characterSets) throws IOException {
        spend(ELEMENT_COST);
        Start start = start(tag, scope);
        Vr vr = start.vr;
        long length = start.length;
        long offset = source.position();
        String where = Tag.format(tag);
        boolean undefined = length == DicomElement.UNDEFINED_LENGTH;
        if (!undefined && scope.end != OPEN_END && length > scope.end - offset) {
            throw new ImageFormatException(
                    where,
                    offset,
                    "its length " + length + " exceeds the " + (scope.end - offset) + " bytes left in "
                            + (scope.depth == 0 ? "the file" : "the enclosing item"),
                    CORRUPT);
        }
        if (vr == Vr.SQ || undefined && vr == Vr.UN) {
            TransferSyntax syntax = vr == Vr.UN ? TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN : scope.syntax;
            List<DicomDataset> items = items(where, length, syntax, scope, characterSets);
            return new DicomElement(tag, vr, scope.bigEndian(), length, offset, null, items, characterSets);
        }
        if (undefined) {
            if (vr.kind() != Vr.Kind.BULK) {
                throw new ImageFormatException(where, offset, vr + " cannot have undefined length", CORRUPT);
            }
            skipFragments(where, scope);
            return new DicomElement(tag, vr, scope.bigEndian(), length, offset, null, null, characterSets);
        }
        if (vr.kind() == Vr.Kind.BULK && length > keepBytes(tag)) {
            source.skip(length, where);
            return new DicomElement(tag, vr, scope.bigEndian(), length, offset, null, null, characterSets);
        }
        spend(length);
        byte[] value = source.bytes((int) length, where);
        List<DicomDataset> items = vr == Vr.UN ? hiddenItems(tag, value, offset, scope, characterSets) : null;
        return new DicomElement(tag, vr, scope.bigEndian(), length, offset, value, items, characterSets);
    }

    private int keepBytes(int tag) {
        int group = Tag.group(tag);
        return group == 0x29 || group == 0x21 ? options.vendorKeepBytes() : options.keepBytes();
    }

    private DicomElement pixelData(int tag, Scope scope) throws IOException {
        Start start = start(tag, scope);
        long offset = source.position();
        if (!options.stopAtPixelData()) {
            if (start.length == DicomElement.UNDEFINED_LENGTH) {
                skipFragments(Tag.format(tag), scope);
            } else {
                source.skip(start.length, Tag.format(tag));
            }
        }
        return new DicomElement(
                tag, start.vr, scope.bigEndian(), start.length, offset, null, null, CharacterSets.DEFAULT);
    }

    /** Encapsulated data: items of bytes up to a sequence delimiter (PS3.5 annex A.4). */
    private void skipFragments(String where, Scope scope) throws IOException {
        while (true) {
            long at = source.position();
            int tag = source.tag(scope.bigEndian(), where);
            long length = source.unsignedInt(scope.bigEndian(), where);
            if (tag == Tag.SEQUENCE_DELIMITATION) {
                return;
            }
            if (tag != Tag.ITEM || length == DicomElement.UNDEFINED_LENGTH) {
                throw new ImageFormatException(where, at, "a fragment does not begin with an item tag", CORRUPT);
            }
            source.skip(length, where);
        }
    }

    private List<DicomDataset> items(
            String where, long length, TransferSyntax syntax, Scope scope, CharacterSets characterSets)
            throws IOException {
        if (scope.depth >= options.depth()) {
            throw new ImageFormatException(
                    where,
                    source.position(),
                    "sequences are nested deeper than " + options.depth(),
                    "no real object is; the file is corrupt or made to do harm");
        }
        boolean undefined = length == DicomElement.UNDEFINED_LENGTH;
        long end = undefined ? scope.end : source.position() + length;
        List<DicomDataset> items = new ArrayList<>();
        while (undefined || source.position() < end) {
            long at = source.position();
            if (end != OPEN_END && end - at < 8) {
                throw new ImageFormatException(where, at, "the sequence ends within an item", CORRUPT);
            }
            int tag = source.tag(syntax.bigEndian(), where);
            long itemLength = source.unsignedInt(syntax.bigEndian(), where);
            if (tag == Tag.SEQUENCE_DELIMITATION && undefined) {
                break;
            }
            if (tag != Tag.ITEM) {
                throw new ImageFormatException(where, at, "an item should begin here, not " + Tag.format(tag), CORRUPT);
            }
            boolean delimited = itemLength == DicomElement.UNDEFINED_LENGTH;
            if (!delimited && end != OPEN_END && itemLength > end - source.position()) {
                throw new ImageFormatException(
                        where, at, "an item of " + itemLength + " bytes is longer than its sequence", CORRUPT);
            }
            long itemEnd = delimited ? end : source.position() + itemLength;
            items.add(dataset(new Scope(syntax, itemEnd, delimited, scope.depth + 1), characterSets));
        }
        return List.copyOf(items);
    }

    /**
     * Sequences that a system which did not know them stored as UN: implicit VR by the standard. Null if the value is no such thing;
     * the bytes are kept in any case.
     */
    private @Nullable List<DicomDataset> hiddenItems(
            int tag, byte[] value, long offset, Scope scope, CharacterSets characterSets) throws IOException {
        boolean beginsWithItem = value.length >= 8
                && value[0] == (byte) 0xfe
                && value[1] == (byte) 0xff
                && value[2] == 0
                && value[3] == (byte) 0xe0;
        if (!beginsWithItem || scope.depth >= options.depth()) {
            return null;
        }
        DatasetParser nested = new DatasetParser(new ByteSource(value, offset), options, shared);
        try {
            return nested.items(
                    Tag.format(tag), value.length, TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN, scope, characterSets);
        } catch (ImageFormatException e) {
            if (shared.memory > options.memoryBytes()) {
                throw e;
            }
            remark(Tag.format(tag) + " (UN) begins like a sequence but is none; it is kept as bytes");
            return null;
        }
    }

    private void spend(long bytes) throws ImageFormatException {
        shared.memory += bytes;
        if (shared.memory > options.memoryBytes()) {
            throw new ImageFormatException(
                    "data set",
                    source.position(),
                    "the header needs more than " + options.memoryBytes() + " bytes of memory",
                    "no scanner writes such headers; the file is corrupt or made to do harm");
        }
    }
}
