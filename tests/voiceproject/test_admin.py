"""The pages of users and groups."""

from django.contrib.auth.models import Group, User
from django.test import TestCase
from django.urls import reverse


class UserPageTests(TestCase):
    """The page of a user, as a superuser has it."""

    def setUp(self) -> None:
        self.root = User.objects.create_superuser("root")
        self.client.force_login(self.root)

    def test_user_is_put_into_a_group_by_a_check_box(self) -> None:
        """And stays who he was."""
        group = Group.objects.create(name="Bakers")
        user = User.objects.create_user("ada", is_staff=True)
        address = reverse("admin:auth_user_change", args=[user.pk])
        self.assertContains(
            self.client.get(address), f'type="checkbox" name="groups" value="{group.pk}"'
        )
        self.client.post(
            address, {"username": "ada", "is_active": "on", "is_staff": "on", "groups": [group.pk]}
        )
        assert list(User.objects.get(pk=user.pk).groups.all()) == [group]

    def test_nobody_rewrites_when_a_user_joined(self) -> None:
        """The page only tells."""
        answer = self.client.get(reverse("admin:auth_user_change", args=[self.root.pk]))
        self.assertContains(answer, "Date joined")
        self.assertNotContains(answer, 'name="date_joined')

    def test_group_is_given_a_permission_by_a_check_box(self) -> None:
        """From all there are, in one list."""
        answer = self.client.get(reverse("admin:auth_group_add"))
        self.assertContains(answer, 'type="checkbox" name="permissions"')
        self.assertContains(answer, 'role="group" aria-label="Permissions"')
