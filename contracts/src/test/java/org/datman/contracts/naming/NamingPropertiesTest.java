package org.datman.contracts.naming;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;

class NamingPropertiesTest {

    @Property
    void whatIsWrittenIsReadBackTheSame(@ForAll("ids") DatmanId id) {
        // Given
        String text = id.toString();

        // When
        DatmanId read = DatmanIds.parse(text);

        // Then
        assertThat(read).isEqualTo(id);
    }

    @Property
    void fileNamesOfAnyDescriptionAreReadBackTheSame(
            @ForAll("ids") DatmanId id,
            @ForAll("tags") String tag,
            @ForAll @IntRange(min = 0) int series,
            @ForAll("descriptions") String description) {
        // Given
        FileName name = FileName.of(id, tag, series, description);

        // When
        FileName read = FileName.parse("somewhere/" + name.withExtension(".nii.gz"));

        // Then
        assertThat(read).isEqualTo(name);
        assertThat(name.stem().getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(FileName.MAX_STEM);
    }

    @Property
    void manglingIsIdempotentAndHarmless(@ForAll("descriptions") String text) {
        // Given / When
        String mangled = Description.mangle(text);

        // Then
        assertThat(mangled).matches("[A-Za-z0-9.+-]*").doesNotStartWith(".").doesNotContain("--");
        assertThat(Description.mangle(mangled)).isEqualTo(mangled);
    }

    @Property
    void anyTextIsReadOrRefusedWithAPrintableReason(@ForAll @StringLength(max = 300) String text) {
        // Given / When
        String outcome;
        try {
            outcome = FileName.parse(text).stem();
        } catch (NamingException e) {
            outcome = e.getMessage();
        }

        // Then
        assertThat(outcome.codePoints().noneMatch(Character::isISOControl)).isTrue();
    }

    @Property
    void longDescriptionsThatDifferAtTheirEndKeepDifferentNames(@ForAll @IntRange(min = 0, max = 9) int end) {
        // Given
        DatmanId id = DatmanIds.parse("DTI_CMH_H001_01_01");
        String start = "x".repeat(400);

        // When
        String stem = FileName.of(id, "T1", 3, start + end).stem();

        // Then
        assertThat(stem)
                .hasSize(FileName.MAX_STEM)
                .isNotEqualTo(FileName.of(id, "T1", 3, start + "a").stem());
    }

    @Provide
    Arbitrary<DatmanId> ids() {
        Arbitrary<String> code = Arbitraries.strings()
                .withCharRange('A', 'Z')
                .withCharRange('0', '9')
                .ofMinLength(1)
                .ofMaxLength(12);
        Arbitrary<String> subject = code.filter(s -> !s.startsWith("PHA") && !s.endsWith("PHA"));
        Arbitrary<String> session = code.filter(s -> !s.startsWith("MR") && !s.startsWith("SE") && !s.equals("XX"));
        Arbitrary<DatmanId> people =
                Combinators.combine(code, code, subject, code, session).as(HumanId::of);
        Arbitrary<String> type = Arbitraries.strings().withCharRange('A', 'Z').ofLength(3);
        Arbitrary<String> number =
                Arbitraries.strings().numeric().ofMinLength(4).ofMaxLength(6);
        Arbitrary<DatmanId> phantoms =
                Combinators.combine(code, code, type, number).as(PhantomId::of);
        return Arbitraries.oneOf(people, phantoms);
    }

    @Provide
    Arbitrary<String> tags() {
        return Arbitraries.of("T1", "DTI60-1000", "FBN-QAfMRI", "ABCMR", "MRS+");
    }

    /** Any text, and text made of what could be mistaken for a part of the grammar. */
    @Provide
    Arbitrary<String> descriptions() {
        Arbitrary<String> pieces = Arbitraries.of(
                ".nii", ".gz", ".", "..", "/", "\\", "_", "-", "+", "a", "T1", ".DCM", "\0", "é", " ", "json", "tar");
        return Arbitraries.oneOf(
                Arbitraries.strings().ofMaxLength(400),
                pieces.list().ofMaxSize(30).map(p -> String.join("", p)));
    }
}
