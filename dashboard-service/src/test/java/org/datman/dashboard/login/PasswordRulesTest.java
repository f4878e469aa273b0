package org.datman.dashboard.login;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordRulesTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "eleven char",
                "Password1234!",
                "P@ssw0rdP@ssw0rd",
                "qwertyuiop12",
                "123456789012",
                "2026-12-01-2026",
                "aaaaaaaaaaaaaaa",
                "abababababab",
                "abcdefghijklmnop",
                "rita.smith12345",
                "Welcome Datman 2026",
                "WelcomeRitaSmith1!"
            })
    void whatIsShortOrGuessedFirstIsRefused(String password) {
        // When
        Optional<String> problem = PasswordRules.problem("rita.smith", password);

        // Then
        assertThat(problem).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a long password",
                "correct horse battery",
                "só ütf-8 ñandú",
                "vier wörter ohne zahl",
                "xK3#9fQ!2mLp",
                "длинный пароль",
                "91734 60258 33190 47521"
            })
    void whatIsLongIsAllowedWhateverItConsistsOf(String password) {
        // When
        Optional<String> problem = PasswordRules.problem("rita.smith", password);

        // Then
        assertThat(problem).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {73, 200})
    void whatBcryptWouldCutIsRefused(int length) {
        // When
        Optional<String> problem = PasswordRules.problem(
                "rita", "vier wörter ohne zahl ".repeat(10).substring(0, length));

        // Then
        assertThat(problem).isPresent();
    }
}
