"""The different words of all patients' names, far fewer than patients: typing errors are looked for here."""

# ruff: noqa: S608 - the statements are put together from the constants of this file only

import pgtrigger
from django.contrib.postgres.indexes import GinIndex
from django.db import models

NEW, OLD = (
    f"SELECT word FROM string_to_table({row}.search_text, ' ') word WHERE word !~ '[0-9]' AND word <> ''"
    for row in ("NEW", "OLD")
)

# Words are shared, so who adds one takes only a share of it: two registrations of one surname do not wait
# for each other. A word goes with the last patient who has it, since a rare surname alone tells of a person;
# who removes it waits for those adding it, and looks then. All words in one order: nobody waits in a circle.
KEEP_WORDS = f"""
    FOR one IN
        (({NEW}) EXCEPT ({OLD})) UNION (({OLD}) EXCEPT ({NEW})) ORDER BY word
    LOOP
        IF one = ANY(string_to_array(NEW.search_text, ' ')) THEN
            LOOP
                PERFORM FROM patients_nameword WHERE word = one FOR KEY SHARE;
                EXIT WHEN FOUND;
                INSERT INTO patients_nameword VALUES (one) ON CONFLICT DO NOTHING;
                EXIT WHEN FOUND;
            END LOOP;
        ELSE
            PERFORM FROM patients_nameword WHERE word = one FOR UPDATE;
            IF NOT EXISTS (
                SELECT FROM patients_patient
                WHERE search_text LIKE '%' || one || '%' AND one = ANY(string_to_array(search_text, ' '))
            ) THEN
                DELETE FROM patients_nameword WHERE word = one;
            END IF;
        END IF;
    END LOOP;
    RETURN NULL;
"""

FOLLOWING = pgtrigger.Trigger(
    name="name_words_follow_the_patients",
    when=pgtrigger.After,
    operation=pgtrigger.Insert | pgtrigger.UpdateOf("search_text") | pgtrigger.Delete,
    declare=[("one", "text")],
    func=KEEP_WORDS,
)


class NameWord(models.Model):
    """One word without digits that stands in the `search_text` of a patient. Only a trigger writes here."""

    word = models.TextField(primary_key=True)

    class Meta:
        ordering = ["word"]
        indexes = [GinIndex(fields=["word"], opclasses=["gin_trgm_ops"], name="name_word_search")]

    def __str__(self):
        return self.word
