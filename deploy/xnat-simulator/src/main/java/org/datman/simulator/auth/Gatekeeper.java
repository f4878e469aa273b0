package org.datman.simulator.auth;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import org.datman.simulator.http.Call;
import org.datman.simulator.http.Handler;
import org.datman.simulator.http.Refusal;
import org.datman.simulator.http.Reply;

/**
 * XNAT's door: basic authentication, session cookies, alias tokens, open URLs, and how each failure looks to a program
 * and to a browser.
 */
public final class Gatekeeper implements Handler {
    /** What is behind the door. */
    public interface Inside {
        Reply answer(Call call, Visitor visitor) throws IOException;
    }

    private static final Pattern BROWSER = Pattern.compile("MSIE|Mozilla|AppleWebKit|Opera");
    private static final Pattern OPEN = Pattern.compile(
            "^/?$|^/(data|REST)/JSESSION/?$|^/(data|REST)/services/auth/?$"
                    + "|^/xapi/siteConfig/(buildInfo(/.*)?|siteId|siteUrl|siteHome|siteLogoPath)/?$|^/app/template/.*|^/(style|scripts|images)/.*");
    private static final String LOGIN = "/app/template/Login.vm";

    private final Accounts accounts;
    private final Clock clock;
    private final String siteId;
    private final Inside inside;

    public Gatekeeper(Accounts accounts, Clock clock, String siteId, Inside inside) {
        this.accounts = accounts;
        this.clock = clock;
        this.siteId = siteId;
        this.inside = inside;
    }

    @Override
    public Reply answer(Call call) throws IOException {
        boolean browser = BROWSER.matcher(call.userAgent()).find();
        var cookie = cookie(call, "JSESSIONID");
        var authorization = call.header("authorization");
        if (authorization.regionMatches(true, 0, "Basic ", 0, 6)) {
            var login = basic(authorization.substring(6).trim());
            if (!login.ok()) return refuse(login, browser);
            boolean same = !cookie.isEmpty()
                    && accounts.touch(cookie)
                            .filter(u -> u.name().equals(login.user().name()))
                            .isPresent();
            if (same) return enter(call, new Visitor(login.user(), cookie), false);
            var opened = accounts.open(login.user());
            if (opened.isEmpty()) return Reply.error(401, "Maximum sessions of this user exceeded");
            return enter(call, new Visitor(login.user(), opened.get()), true);
        }
        var user = cookie.isEmpty() ? null : accounts.touch(cookie).orElse(null);
        if (user != null) {
            if (user.condition() == User.Condition.PASSWORD_EXPIRED) {
                return Reply.redirect("/app/template/XDATScreen_UpdateUser.vm");
            }
            if (browser && isWrite(call) && call.query("XNAT_CSRF").isEmpty()) {
                return Reply.error(500, "INVALID CSRF (possible cross-site request forgery)");
            }
            return enter(call, new Visitor(user, cookie), false);
        }
        if (!OPEN.matcher(call.rawPath()).matches()) return unknown(browser);
        boolean known = !cookie.isEmpty() && accounts.isOpen(cookie);
        var session = known ? cookie : accounts.open(null).orElseThrow();
        return enter(call, new Visitor(null, session), !known);
    }

    private static boolean isWrite(Call call) {
        return List.of("PUT", "POST", "DELETE").contains(call.method());
    }

    private Accounts.Login basic(String encoded) {
        try {
            var text = new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
            int colon = text.indexOf(':');
            if (colon > 0) return accounts.login(text.substring(0, colon), text.substring(colon + 1));
        } catch (IllegalArgumentException notBase64) {
            // falls to the answer for credentials that cannot be read
        }
        return new Accounts.Login(null, 401, "Invalid basic authentication token");
    }

    private Reply refuse(Accounts.Login login, boolean browser) {
        if (login.status() == 403 && browser) return Reply.redirect("/app/template/XDATScreen_UpdateUser.vm");
        var reply = Reply.error(login.status(), login.message());
        return login.status() == 401 ? reply.with("WWW-Authenticate", realm()) : reply;
    }

    private Reply unknown(boolean browser) {
        if (browser) return Reply.redirect(LOGIN);
        return Reply.error(401, "Authentication required.").with("WWW-Authenticate", realm());
    }

    private String realm() {
        return "Basic realm=\"" + siteId + "\"";
    }

    private Reply enter(Call call, Visitor visitor, boolean newSession) throws IOException {
        var reply = route(call, visitor);
        if (newSession) reply = reply.with("Set-Cookie", "JSESSIONID=" + visitor.sessionId() + "; Path=/; HttpOnly");
        return reply.with(
                "Set-Cookie",
                "SESSION_EXPIRATION_TIME=\"" + clock.millis() + ","
                        + accounts.timeout().toMillis() + "\"; Path=/");
    }

    private Reply route(Call call, Visitor visitor) throws IOException {
        var path = call.segments();
        if (path.isEmpty()) return Reply.redirect(LOGIN);
        if (path.get(0).equals("app") || path.get(0).equals("login")) return Reply.loginPage();
        if (path.get(0).equals("data") || path.get(0).equals("REST")) {
            var rest = path.subList(1, path.size());
            if (rest.equals(List.of("JSESSION"))) return jsession(call, visitor);
            if (rest.equals(List.of("auth"))) {
                call.withMethod("GET").knowing().givenAs();
                return Reply.text(200, "User '" + visitor.user().name() + "' is logged in");
            }
            if (rest.equals(List.of("services", "auth"))) return formLogin(call);
            if (rest.size() >= 3 && rest.subList(0, 2).equals(List.of("services", "tokens"))) {
                return tokens(call, rest.subList(2, rest.size()), visitor);
            }
        }
        return inside.answer(call, visitor);
    }

    private Reply jsession(Call call, Visitor visitor) {
        call.withMethod("GET", "POST", "DELETE").knowing("CSRF");
        if (call.method().equals("DELETE")) {
            accounts.close(visitor.sessionId());
            return Reply.text(200, "");
        }
        var csrf = call.flag("CSRF")
                ? "; XNAT_CSRF=" + UUID.nameUUIDFromBytes(visitor.sessionId().getBytes(StandardCharsets.UTF_8))
                : "";
        return Reply.text(200, visitor.sessionId() + csrf);
    }

    private Reply formLogin(Call call) {
        if (!call.method().equals("PUT") && !call.method().equals("POST")) {
            return Reply.error(405, "The method specified in the request is not allowed here.");
        }
        var form = call.form();
        var name = form.getOrDefault("username", form.getOrDefault("j_username", ""));
        var password = form.getOrDefault("password", form.getOrDefault("j_password", ""));
        var login = accounts.login(name, password);
        if (!login.ok()) return Reply.error(401, "Authentication failed.");
        var session = accounts.open(login.user());
        if (session.isEmpty()) return Reply.error(401, "Maximum sessions of this user exceeded");
        return Reply.text(200, session.get()).with("Set-Cookie", "JSESSIONID=" + session.get() + "; Path=/; HttpOnly");
    }

    private Reply tokens(Call call, List<String> rest, Visitor visitor) {
        call.withMethod("GET").knowing().givenAs("json");
        boolean pair = rest.get(0).equals("validate") || rest.get(0).equals("invalidate");
        if (pair && rest.size() != 3) return Reply.error(400, "Need alias and secret after " + rest.get(0));
        if (!pair && rest.size() > 1 && !(rest.size() == 3 && rest.get(0).equals("issue"))) {
            throw Refusal.notDone("GET " + call.rawPath());
        }
        var nodes = JsonNodeFactory.instance;
        switch (rest.get(0)) {
            case "issue" -> {
                var other = rest.size() == 3 && rest.get(1).equals("user")
                        ? rest.get(2)
                        : visitor.user().name();
                if (!other.equals(visitor.user().name()) && !visitor.user().admin()) {
                    return Reply.error(403, "Only administrators can get tokens on behalf of other users.");
                }
                if (accounts.users().stream().noneMatch(u -> u.name().equals(other))) {
                    return Reply.error(404, "Unknown user: " + other);
                }
                return Reply.json(200, json(accounts.issue(other)));
            }
            case "show" -> {
                var list = nodes.arrayNode();
                accounts.tokens(visitor.user().name()).forEach(t -> list.add(json(t)));
                return Reply.json(200, list);
            }
            case "validate" -> {
                var answer = nodes.objectNode();
                accounts.validate(rest.get(1), rest.get(2)).ifPresent(u -> answer.put("valid", u));
                return Reply.json(200, answer);
            }
            case "invalidate" -> {
                if (accounts.validate(rest.get(1), rest.get(2)).isEmpty()) {
                    return Reply.error(404, "No such token: " + rest.get(1));
                }
                accounts.invalidate(rest.get(1), rest.get(2));
                return Reply.json(200, nodes.objectNode().put("result", "OK"));
            }
            default -> {
                return Reply.error(400, "Unknown token operation: " + rest.get(0));
            }
        }
    }

    private static ObjectNode json(Accounts.Token token) {
        var node = JsonNodeFactory.instance.objectNode();
        node.put("alias", token.alias()).put("secret", token.secret()).put("xdatUserId", token.user());
        node.put("singleUse", false)
                .put("estimatedExpirationTime", token.expires().toEpochMilli());
        node.put("timestamp", token.created().toEpochMilli())
                .put("created", token.created().toEpochMilli());
        node.put("enabled", true).put("disabled", 0).put("id", token.id());
        node.putArray("validIPAddresses");
        return node;
    }

    private static String cookie(Call call, String name) {
        for (var part : call.header("cookie").split(";")) {
            int eq = part.indexOf('=');
            if (eq > 0 && part.substring(0, eq).trim().equals(name))
                return part.substring(eq + 1).trim();
        }
        return "";
    }
}
