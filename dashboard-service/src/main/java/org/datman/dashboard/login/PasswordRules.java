package org.datman.dashboard.login;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Which passwords may be chosen, after NIST SP 800-63B (section 5.1.1.2): long ones, of any characters, but none that is guessed first.
 */
final class PasswordRules {

    static final int SHORTEST = 12;

    /** The limit of bcrypt, which would silently truncate longer ones. */
    static final int LONGEST_BYTES = 72;

    /** What most passwords that are guessed consist of, once digits and signs for letters are undone. */
    private static final Set<String> COMMON = Set.of(
            "password",
            "passwort",
            "passphrase",
            "motdepasse",
            "secret",
            "welcome",
            "willkommen",
            "letmein",
            "admin",
            "administrator",
            "root",
            "user",
            "guest",
            "login",
            "changeme",
            "default",
            "test",
            "testing",
            "qwerty",
            "qwertz",
            "azerty",
            "qwertyuiop",
            "qwertzuiop",
            "asdfgh",
            "asdfghjkl",
            "zxcvbn",
            "zxcvbnm",
            "iloveyou",
            "dragon",
            "monkey",
            "football",
            "baseball",
            "sunshine",
            "princess",
            "superman",
            "batman",
            "starwars",
            "trustno",
            "master",
            "shadow",
            "michael",
            "jordan",
            "computer",
            "internet",
            "whatever",
            "freedom",
            "summer",
            "winter",
            "spring",
            "autumn",
            "hello",
            "helloworld",
            "abc",
            "abcdef",
            "abcdefgh",
            "datman",
            "xnat",
            "mri",
            "scanner",
            "hospital",
            "research",
            "study");

    private static final String ROWS = "0123456789012345678909876543210 abcdefghijklmnopqrstuvwxyzabc"
            + " qwertyuiopasdfghjklzxcvbnm qwertzuiopasdfghjklyxcvbnm";

    private PasswordRules() {}

    /** Why an account of that name may not have the password; empty when it may. */
    static Optional<String> problem(String username, String password) {
        if (password.codePointCount(0, password.length()) < SHORTEST
                || password.getBytes(StandardCharsets.UTF_8).length > LONGEST_BYTES) {
            return Optional.of("A password has at least " + SHORTEST + " characters and at most " + LONGEST_BYTES
                    + " bytes. Several words do well");
        }
        return isGuessedFirst(username, password)
                ? Optional.of("This password is one of those that are guessed first: choose other words")
                : Optional.empty();
    }

    private static boolean isGuessedFirst(String username, String password) {
        String lower = password.toLowerCase(Locale.ROOT);
        if (lower.chars().distinct().count() < 5) {
            return true;
        }
        String letters = letters(lower);
        List<String> texts = List.of(lower.replaceAll("[^\\p{L}]", ""), letters);
        boolean isDateOrTelephone = texts.get(0).isEmpty() && lower.length() < 20;
        return ROWS.contains(lower)
                || isDateOrTelephone
                || texts.stream().anyMatch(text -> isMadeOf(text, letters(username.toLowerCase(Locale.ROOT))));
    }

    /** Whether a text is nothing but common words and the name of the account, one after the other. */
    private static boolean isMadeOf(String text, String username) {
        if (text.isEmpty()) {
            return false;
        }
        boolean[] reached = new boolean[text.length() + 1];
        reached[0] = true;
        for (int i = 0; i < text.length(); i++) {
            for (int end = i + 1; reached[i] && end <= text.length(); end++) {
                String word = text.substring(i, end);
                reached[end] |= COMMON.contains(word) || (word.length() > 2 && word.equals(username));
            }
        }
        return reached[text.length()];
    }

    private static String letters(String lower) {
        return lower.replace('0', 'o')
                .replace('1', 'i')
                .replace('3', 'e')
                .replace('4', 'a')
                .replace('5', 's')
                .replace('@', 'a')
                .replace('$', 's')
                .replace('!', 'i')
                .replaceAll("[^\\p{L}]", "");
    }
}
