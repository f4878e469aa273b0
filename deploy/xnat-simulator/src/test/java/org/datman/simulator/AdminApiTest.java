package org.datman.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.datman.simulator.importer.LoadOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests to the simulator itself: executed, or rejected with the wrong member. */
class AdminApiTest {
    @TempDir
    Path folder;

    XnatSimulator sim;
    Client guest;

    @BeforeEach
    void start() throws Exception {
        sim = XnatSimulator.builder().users(Map.of("svc", "secret")).start();
        sim.addSession(Dicoms.session(folder.resolve("A")), LoadOptions.project("P"));
        guest = Client.guest(sim);
    }

    @AfterEach
    void stop() {
        sim.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "actions | {'action':'fly'} | unknown action 'fly'",
                "actions | {'action':'rename','session':'SIM_E00001','label':'B','colour':1} | action 'rename' knows no 'colour', but [label, session]",
                "actions | {'action':'rename','session':'SIM_E00001'} | 'label' is missing",
                "actions | {'action':'session-timeout','seconds':'soon'} | 'seconds' must be a whole number",
                "actions | {'action':'announce','session':'SIM_E00001','event':'MERGED','hold':'yes'} | 'hold' must be true or false",
                "actions | [] | the body must be a JSON object",
                "faults | {'fault':'STATUS','time':3} | a fault rule knows no 'time'",
                "faults | {'fault':'STATUS','times':'3'} | 'times' must be a whole number",
                "faults | {'fault':'STATUS','probability':2} | 'probability' must be a number from 0 to 1",
                "faults | {'fault':'STATUS','then':{'action':'recreate'}} | 'then' is the action of a rule of the fault ACTION",
                "faults | {'fault':'ACTION'} | 'then' is the action of a rule of the fault ACTION",
                "faults | {'fault':'ACTION','then':{'action':'fly'}} | unknown action 'fly'",
                "webhooks/next | {'project':'ELSEWHERE'} | an event's way knows no 'project'",
                "webhooks/usual | {'copies':'many'} | 'copies' must be a whole number"
            })
    void whatIsNotKnownIsNamedAndNothingIsDone(String path, String order, String why) {
        // Given
        String sessions = guest.get("/_sim/sessions").text();

        // When
        Client.Answer answer =
                guest.post("/_sim/" + path, order.replace('\'', '"').getBytes(UTF_8));

        // Then
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().get("error").asText()).contains(why);
        assertThat(guest.get("/_sim/sessions").text()).isEqualTo(sessions);
        assertThat(guest.get("/_sim/faults").text()).isEqualTo("[]");
    }

    @Test
    void aRuleThatDoesSomethingBetweenTwoRequestsIsSetFromOutside() {
        // Given
        String rule = "{\"fault\":\"ACTION\",\"path\":\"zip\",\"times\":1,"
                + "\"then\":{\"action\":\"rename\",\"session\":\"SIM_E00001\",\"label\":\"B\"}}";
        guest.post("/_sim/faults", rule.getBytes(UTF_8));

        // When
        Client.session(sim, "svc", "secret").get("/data/experiments/SIM_E00001/scans/2/files?format=zip");

        // Then
        assertThat(sim.archive().session("SIM_E00001").label()).isEqualTo("B");
    }
}
