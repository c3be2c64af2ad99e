-- The events of which staff gets an e-mail, and the roles that do: those of a partner about their own partner,
-- those of the coalition about all.
CREATE OR REPLACE FUNCTION members.staff_events() RETURNS TABLE (type text, roles text[])
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  VALUES ('statement.issued', '{PARTNER_OWNER,PARTNER_FINANCE}'::text[]),
         ('dispute.decided', '{PARTNER_OWNER,PARTNER_FINANCE}'),
         ('credit.alerted', '{PARTNER_OWNER,PARTNER_FINANCE,ADMINISTRATOR,FINANCE}');
$$;

-- Whether a person is one of those who get an e-mail of an event of this type.
CREATE OR REPLACE FUNCTION members.hears_of(p_staff members.staff, p_type text) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT p_staff.status = 'ACTIVE' AND EXISTS (
    SELECT FROM members.staff_events() e WHERE e.type = p_type AND p_staff.role = ANY (e.roles));
$$;

-- Lets e-mails go to the staff whom these events, rows of the outbox, concern: one to each for each event.
CREATE OR REPLACE FUNCTION members.mail_staff(p_events jsonb) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
  INSERT INTO members.staff_mail (id, staff_id, template, args, event_id, created_at, due_at)
  SELECT gen_random_uuid(), s.id, e.type, e.payload, e.id, now(), now()
  FROM jsonb_to_recordset(p_events) AS e (id uuid, type text, partner_id uuid, payload jsonb)
  JOIN members.staff s ON (s.partner_id = e.partner_id OR s.partner_id IS NULL)
    AND members.hears_of(s, e.type)
  ON CONFLICT (staff_id, event_id) DO NOTHING;
$$;

-- Takes the e-mail to staff that has waited longest, with all that it needs. It counts as tried from now on: a
-- worker that ends before it has sent it loses it, and never sends it twice. Without an address where the
-- person is not to hear of it any more.
CREATE OR REPLACE FUNCTION members.take_staff_mail()
RETURNS TABLE (id uuid, email text, locale text, template text, args jsonb)
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  UPDATE members.staff_mail m SET due_at = NULL, tries = m.tries + 1
  FROM members.staff s
  WHERE s.id = m.staff_id AND m.id = (
    SELECT w.id FROM members.staff_mail w WHERE w.due_at <= now()
    ORDER BY w.due_at LIMIT 1 FOR UPDATE SKIP LOCKED)
  RETURNING m.id, CASE WHEN members.hears_of(s, m.template) THEN s.email END, s.locale, m.template, m.args;
$$;
GRANT EXECUTE ON FUNCTION members.take_staff_mail() TO coalition_worker;

-- Lets one that could not be sent be tried again, later each time, five times in all.
CREATE OR REPLACE FUNCTION members.retry_staff_mail(p_id uuid) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  UPDATE members.staff_mail SET due_at = now() + interval '1 minute' * 2 ^ tries
  WHERE id = p_id AND tries < 5;
$$;
GRANT EXECUTE ON FUNCTION members.retry_staff_mail(uuid) TO coalition_worker;
