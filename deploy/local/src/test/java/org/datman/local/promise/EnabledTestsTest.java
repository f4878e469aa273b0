package org.datman.local.promise;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EnabledTestsTest {

    @Test
    void onlyTestsThatRunAreNamedEachWithTheClassItIsIn() throws IOException {
        // Given methods of two classes, one of them disabled, and one that is no test
        String source = """
                class FirstTest {
                    @Test void runs() {}
                    @ParameterizedTest @ValueSource(strings = {"a }", "b"}) void runsTwice(String text) {}
                    @Test @Disabled("later") void sleeps() {}
                    @org.junit.jupiter.api.Disabled @Test void sleepsToo() {}
                    void helps() {}
                }
                @Disabled class SecondTest {
                    @Test void sleeps() {}
                }
                class ThirdTest {
                    @Test void isElsewhere() {}
                }
                """;

        // When
        Set<String> tests = EnabledTests.of(source);

        // Then
        assertThat(tests).containsExactly("FirstTest.runs", "FirstTest.runsTwice", "ThirdTest.isElsewhere");
    }
}
