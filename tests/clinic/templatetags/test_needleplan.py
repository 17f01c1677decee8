"""What the tags write, to the letter."""

import datetime as dt

import pytest
from django import forms
from django.contrib.messages.storage.base import Message
from django.template import Context, Template
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy

from clinic.templatetags.needleplan import filled, joined, status_pill
from clinic.timeline import Axis, Mark, Span, Window

NBSP = "\u00a0"
WINDOW = Window(28, 42)


def render(source, **context):
    return Template("{% load needleplan %}" + source).render(Context(context))


def day(text):
    return dt.date.fromisoformat(text)


def test_a_month_that_begins_at_the_right_end_is_named_before_its_line():
    axis = Axis(dt.date(2026, 10, 10), dt.date(2026, 12, 5))
    drawn = render("{% month_axis axis %}", axis=axis)
    assert '<text class="q" x="92.86%" dx="-5" text-anchor="end" y="14">Dec</text>' in drawn
    assert '<text class="q" x="39.29%" dx="5" y="14">Nov 2026</text>' in drawn


@pytest.mark.parametrize(
    ("phone", "dialled"),
    [
        ("020 7946 0138", "02079460138"),
        ("(0)20 7946 0138", "02079460138"),
        ("+44 (0)20 7946-0138", "+442079460138"),
        ("", ""),
    ],
)
def test_dialled_keeps_what_a_telephone_dials(phone, dialled):
    assert render("{{ phone|dialled }}", phone=phone) == dialled


def test_icon_is_decoration_unless_it_has_a_label():
    assert render('{% icon "search" %}') == '<i class="bi bi-search" aria-hidden="true"></i>'
    labelled = '<i class="bi bi-search big" role="img" aria-label="Find &amp; go"></i>'
    assert render('{% icon "search" "big" label %}', label="Find & go") == labelled


def test_status_pill_has_icon_and_word():
    assert render('{% status_pill "noshow" %}') == (
        '<span class="np-pill np-noshow"><i class="bi bi-calendar-x" aria-hidden="true"></i>No-show</span>'
    )
    assert render('{% status_pill "treating" word=word large=True %}', word="<Numbing>") == (
        '<span class="np-pill np-treating lg"><i class="bi bi-activity" aria-hidden="true"></i>'
        "&lt;Numbing&gt;</span>"
    )


def test_safety_tag_takes_states_and_outcomes():
    wanted = (
        '<span class="np-tag np-deferred"><i class="bi bi-hourglass-split" aria-hidden="true"></i>'
        "<span>Deferred</span></span>"
    )
    assert render('{% safety_tag "deferred" %}') == render('{% safety_tag "defer" %}') == wanted
    assert render("{{ 'modify'|safety_css }} {{ 'modify'|safety_word }}") == "np-cleared Cleared with changes"


def test_an_unknown_state_is_an_error_and_not_a_blank():
    with pytest.raises(KeyError):
        render('{% safety_tag "fine" %}')


def test_mini_timeline_counts_what_is_done():
    assert render('{% mini_timeline 3 1 "arrived" %}') == (
        '<svg class="np-tl np-tl-mini" width="52" height="16" role="img" aria-label="1 of 3 done">'
        '<line class="track" x1="8" x2="44" y1="8" y2="8"/>'
        '<svg x="8" y="8" overflow="visible" class="m np-completed"><circle r="5.5"/></svg>'
        '<svg x="26" y="8" overflow="visible" class="m np-arrived solid"><circle r="5.5"/></svg>'
        '<svg x="44" y="8" overflow="visible" class="m np-planned"><circle r="5.5"/></svg></svg>'
    )


def test_mini_timeline_without_a_current_visit_has_only_done_and_planned():
    drawn = render("{% mini_timeline 3 1 %}")
    assert (drawn.count("np-completed"), drawn.count("np-planned")) == (1, 2)


def test_course_timeline_draws_windows_gaps_and_todays_ring():
    marks = [Mark(1, day("2026-10-01"), "completed"), Mark(2, day("2026-11-16"), "arrived")]
    axis = Axis(day("2026-09-21"), day("2026-12-30"))
    drawn = render("{% course_timeline m w today a %}", m=marks, w=WINDOW, today=day("2026-11-16"), a=axis)
    assert drawn.replace(NBSP, "_") == (
        '<svg class="np-tl" height="152" role="img" aria-label="Course timeline: '
        'visit 1 Thu_1_Oct_2026 completed; visit 2 Mon_16_Nov_2026 arrived">'
        '<line class="grid" x1="10.00%" x2="10.00%" y1="4" y2="118"/>'
        '<text class="q" x="10.00%" dx="5" y="14">Oct 2026</text>'
        '<line class="grid" x1="41.00%" x2="41.00%" y1="4" y2="118"/>'
        '<text class="q" x="41.00%" dx="5" y="14">Nov</text>'
        '<line class="grid" x1="71.00%" x2="71.00%" y1="4" y2="118"/>'
        '<text class="q" x="71.00%" dx="5" y="14">Dec</text>'
        '<rect class="win" rx="3" x="38.00%" width="14.00%" y="58" height="48"/>'
        '<line class="winedge" x1="38.00%" x2="38.00%" y1="58" y2="106"/>'
        '<line class="winedge" x1="52.00%" x2="52.00%" y1="58" y2="106"/>'
        '<line class="track" x1="10.00%" x2="56.00%" y1="82" y2="82"/>'
        '<line class="track done" x1="10.00%" x2="56.00%" y1="82" y2="82"/>'
        '<line class="gap bad" x1="12.00%" x2="54.00%" y1="122" y2="122"/>'
        '<line class="gap bad" x1="12.00%" x2="12.00%" y1="118" y2="126"/>'
        '<line class="gap bad" x1="54.00%" x2="54.00%" y1="118" y2="126"/>'
        '<text class="gapt bad" x="33.00%" y="142">6_wk_4_d · 4_d_late</text>'
        '<text class="d mid" x="10.00%" y="50">Thu_1_Oct</text>'
        '<svg x="10.00%" y="82" overflow="visible" class="m np-completed"><circle r="12"/>'
        '<text y="4.2">1</text></svg>'
        '<text class="d mid" x="56.00%" y="50">Mon_16_Nov</text>'
        '<svg x="56.00%" y="82" overflow="visible" class="np-arrived"><circle class="ring" r="17"/></svg>'
        '<svg x="56.00%" y="82" overflow="visible" class="m np-arrived solid"><circle r="12"/>'
        '<text y="4.2">2</text></svg></svg>'
    )


def test_course_timeline_shows_a_missed_visit_without_counting_its_gap():
    marks = [Mark(1, day("2026-10-01"), "completed"), Mark(2, day("2026-10-20"), "noshow")]
    drawn = render("{% course_timeline m w %}", m=marks, w=WINDOW)
    assert 'class="m np-noshow"' in drawn
    assert "gapt" not in drawn
    assert 'class="win"' not in drawn


def test_course_timeline_of_no_visits_is_empty():
    assert render("{% course_timeline m w %}", m=[], w=WINDOW) == ""


def test_proposal_timeline_hatches_closures_to_their_last_day():
    axis = Axis(day("2026-12-11"), day("2027-03-21"))
    closures = [
        Span(day("2026-12-21"), day("2026-12-30"), "Closed"),
        Span(day("2028-01-01"), day("2028-01-02")),
    ]
    drawn = render(
        "{% proposal_timeline m w a c %}", m=[Mark(1, day("2026-12-31"))], w=WINDOW, a=axis, c=closures
    )
    assert drawn == (
        f'<svg class="np-tl" height="92" role="img" aria-label="visit 1 Thu{NBSP}31{NBSP}Dec{NBSP}2026">'
        '<line class="grid" x1="21.00%" x2="21.00%" y1="0" y2="90"/>'
        '<line class="grid" x1="52.00%" x2="52.00%" y1="0" y2="90"/>'
        '<line class="grid" x1="80.00%" x2="80.00%" y1="0" y2="90"/>'
        '<rect class="closed" fill="url(#np-hatch)" x="10.00%" width="10.00%" y="28" height="32">'
        "<title>Closed</title></rect>"
        '<line class="track" x1="20.00%" x2="20.00%" y1="44" y2="44"/>'
        f'<text class="d mid" x="20.00%" y="17">Thu{NBSP}31{NBSP}Dec</text>'
        '<svg x="20.00%" y="44" overflow="visible" class="m np-planned solid"><circle r="11"/>'
        '<text y="4.2">1</text></svg></svg>'
    )


def test_month_axis_names_months_and_the_year_in_january():
    axis = Axis(day("2026-12-01"), day("2027-01-10"))
    assert render("{% month_axis a %}", a=axis) == (
        '<svg class="np-tl" height="40" role="img" aria-label="Month axis">'
        '<line class="grid" x1="0.00%" x2="0.00%" y1="18" y2="40"/>'
        '<text class="q" x="0.00%" dx="5" y="14">Dec 2026</text>'
        '<line class="grid" x1="77.50%" x2="77.50%" y1="18" y2="40"/>'
        '<text class="q" x="77.50%" dx="5" y="14">Jan 2027</text>'
        '<line class="axis" x1="0.00%" x2="100.00%" y1="39" y2="39"/></svg>'
    )


def test_dates_and_times_are_said_in_the_zone_given():
    instant = dt.datetime(2026, 7, 9, 23, 30, tzinfo=dt.UTC)
    assert render('{{ i|clock:"Europe/London" }} {{ i|clock }} {{ none|clock }}', i=instant, none=None) == (
        "00:30 23:30 "
    )
    said = render('{{ i|local_day:"Europe/London"|day_date }}', i=instant)
    assert said == f"Fri{NBSP}10{NBSP}Jul{NBSP}2026"
    assert render("{{ t|clock }}", t=dt.time(9, 5)) == "09:05"


def test_day_date_filter_has_a_short_and_a_plain_form():
    said = render(
        '{{ d|day_date:"short" }}/{{ d|day_date:"plain" }}/{{ none|day_date }}', d=day("2026-12-03")
    )
    assert said == f"Thu{NBSP}3{NBSP}Dec/3{NBSP}Dec{NBSP}2026/"


def test_age_filter_counts_years_on_a_day():
    said = render("{{ b|age:d }}|{{ none|age }}", b=day("1992-03-14"), d=day("2026-12-03"), none=None)
    assert said == "34|"


class Answers(forms.Form):
    areas = forms.MultipleChoiceField(choices=[("c", "Chin")], widget=forms.CheckboxSelectMultiple)
    depth = forms.DecimalField(widget=forms.NumberInput(attrs={"data-unit": "mm"}))


def test_choice_input_keeps_the_widgets_attributes():
    form = Answers({"areas": ["c"]})
    drawn = render('{% for o in f.areas %}{% choice_input o "btn-check" %}{% endfor %}', f=form)
    assert drawn == (
        '<input class="btn-check" id="id_areas_0" name="areas" type="checkbox" value="c" checked>'
    )


def test_error_anchor_points_at_a_field_or_the_first_choice():
    said = render(
        "{{ f.areas|error_anchor }} {{ f.depth|error_anchor }} {{ f.depth|field_unit }}", f=Answers()
    )
    assert said == "id_areas_0 id_depth mm"


def test_undo_url_reads_the_messages_extra_tags():
    with_undo, without = Message(25, "Moved", "undo:/visits/7/undo/"), Message(25, "Saved")
    assert render("{{ a|undo_url }}|{{ b|undo_url }}", a=with_undo, b=without) == "/visits/7/undo/|"


def test_markup_is_filled_and_joined_with_escaped_values_as_django_does():
    values = ('<b> & "it\'s"', mark_safe("<i>"), 7, day("2026-09-07"), gettext_lazy("&"))  # noqa: S308
    assert filled("<p>{} {} {} {} {}</p>", *values) == format_html("<p>{} {} {} {} {}</p>", *values)
    assert joined(["<b>", filled("<b>{}", "<")]) == "&lt;b&gt;<b>&lt;"


def test_a_pill_of_plain_text_is_not_that_of_markup_with_the_same_letters():
    assert "<u>" in status_pill("planned", mark_safe("<u>"))  # noqa: S308
    assert "&lt;u&gt;" in status_pill("planned", "<u>")
